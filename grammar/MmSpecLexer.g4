/*
 * The words of the MmSpec language (docs/language.md, "Lexical rules").
 *
 * The lexer knows shapes only. Names of calls, flags, fields, errnos and kernel rules are NAMEs, so that a new kernel needs no new
 * grammar; what a NUMBER is (a count, a size, a time, a version) is decided where it is used. White space and comments are kept on
 * a channel of their own. The order matters where two rules match the same text: the first one wins.
 */
lexer grammar MmSpecLexer;

channels { DOCUMENTATION }

// --- Words that open a member or a statement, and those that belong to one of them ---
IMPORT          : 'import';
KERNEL          : 'kernel';
MACHINE         : 'machine';
DEF             : 'def';
PATCH           : 'patch';
SCENARIO        : 'scenario';
PROCESS         : 'process';
NEW             : 'new';
THREAD          : 'thread';
START           : 'start';
JOIN            : 'join';
FORK            : 'fork';
LET             : 'let';
LOAD            : 'load';
STORE           : 'store';
EXPECT          : 'expect';
WHEN            : 'when';
ELSE            : 'else';
FOR             : 'for';
REPEAT          : 'repeat';
EACH            : 'each';
RETURN          : 'return';
KNOWN_GAP       : 'known-gap';
INJECT          : 'inject';
PARALLEL        : 'parallel';
JUDGE           : 'judge';
TIMED           : 'timed';
OUTCOMES        : 'outcomes';
ALWAYS          : 'always';
SOMETIMES       : 'sometimes';
NEVER           : 'never';
ON              : 'on';
ONLY            : 'only';
WITH            : 'with';
WITHOUT         : 'without';
CONFIG          : 'config';
OTHERWISE       : 'otherwise';
CAPS            : 'caps';
RLIMIT          : 'rlimit';
INTO            : 'into';
KILLED          : 'killed';
EXIT            : 'exit';
SHUFFLED        : 'shuffled';

// --- What the administrator and the kernel's own actors do ---
SYSCTL          : 'sysctl';
SYSFS           : 'sysfs';
KHUGEPAGED      : 'khugepaged';
DROP_CACHES     : 'drop_caches';
POISON          : 'poison';
MIGRATE         : 'migrate';
MOUNT           : 'mount';
UMOUNT          : 'umount';
PIN             : 'pin';
UNPIN           : 'unpin';
GUP_FAST        : 'gup_fast';
RECLAIM         : 'reclaim';
MEMORY_FAILURE  : 'memory_failure';

// --- Words inside a statement; they name no process, thread or label ---
AS              : 'as';
AT              : 'at';
AND             : 'and';
OR              : 'or';
NOT             : 'not';
IN              : 'in';
HAS             : 'has';
SINCE           : 'since';
FAULTS          : 'faults';
TO              : 'to';
UNTIL           : 'until';
OF              : 'of';
EVERY           : 'every';

// --- Names ---
SIGNAL          : 'SIG' [A-Z] [A-Z0-9]*;
SIGNAL_CODE     : ('BUS_' | 'SEGV_' | 'TRAP_') [A-Z] [A-Z0-9_]*;
NAME            : [a-zA-Z_] WORD* ('-' [a-zA-Z] WORD*)*;
TAG             : '@' [a-zA-Z0-9\-]+;

// --- Numbers: one token with everything that is directly attached; `..` ends it ---
VERSION_FROM    : [0-9]+ ('.' [0-9]+)+ '+';
VERSION_LINE    : [0-9]+ ('.' [0-9]+)+ '~';
NUMBER          : [0-9] (WORD | '.' [0-9])*;

// --- Strings; the second form runs to the end of its line and is diagnosed ---
STRING          : '"' (~["\\\r\n] | '\\' ~[\r\n])* '"';
OPEN_STRING     : '"' (~["\\\r\n] | '\\' ~[\r\n])* '\\'?;

// --- Signs ---
ARROW           : '->';
EQUAL           : '==';
NOT_EQUAL       : '!=';
LESS_EQUAL      : '<=';
GREATER_EQUAL   : '>=';
LESS            : '<';
GREATER         : '>';
ASSIGN          : '=';
PLUS            : '+';
MINUS           : '-';
STAR            : '*';
SLASH           : '/';
PERCENT         : '%';
BAR             : '|';
DOTDOT          : '..';
DOT             : '.';
COMMA           : ',';
COLON           : ':';
LPAREN          : '(';
RPAREN          : ')';
LBRACKET        : '[';
RBRACKET        : ']';
LBRACE          : '{';
RBRACE          : '}';

// --- What is not part of the tree ---
DOC_COMMENT     : '///' (~[/\r\n] ~[\r\n]*)? -> channel(DOCUMENTATION);
COMMENT         : '//' ~[\r\n]* -> channel(HIDDEN);
SPACE           : [ \t\r\n\uFEFF]+ -> channel(HIDDEN);
UNKNOWN         : . -> channel(HIDDEN);     // diagnosed by whoever fills the token stream

fragment WORD   : [a-zA-Z0-9_];
