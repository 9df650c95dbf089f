// The floor: what any .NET program costs before it does something.
return;
