using System.Globalization;
using MmSpec.Bench;

switch (args)
{
    case ["checks", var mmspec, var empty, ..]:
        Checks.Run(mmspec, empty, args.Length > 3 ? int.Parse(args[3], CultureInfo.InvariantCulture) : 7);
        return 0;
    case ["interleavings"]:
        Interleavings.Run();
        return 0;
    case ["model"]:
        Model.Run();
        return 0;
    default:
        Console.Error.WriteLine("usage: mmspec-bench checks MMSPEC EMPTY [ROUNDS] | interleavings | model");
        return 64;
}
