using MmSpec.Bench;

if (args is ["checks", var mmspec, var empty, ..])
{
    Checks.Run(mmspec, empty, args.Length > 3 ? int.Parse(args[3], System.Globalization.CultureInfo.InvariantCulture) : 7);
    return 0;
}
Console.Error.WriteLine("usage: mmspec-bench checks MMSPEC EMPTY [ROUNDS]");
return 64;
