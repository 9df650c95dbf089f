/*
 * The sentences of the MmSpec language (docs/language.md).
 *
 * How it is made, so that one token of look-ahead mostly decides and SLL prediction is always right:
 *  - Nothing ends a statement; instead no statement begins with a sign, and every word that may follow a finished value (`as`,
 *    `faults`, `since`, `at` …) begins no statement. A value is therefore never followed by an optional bare name.
 *  - An operator chain is flat here (`expression`, `value`); its precedence is applied when the tree is built. A chain of any length
 *    thus costs no depth, and neither do `else when`, postfixes and prefixes.
 *  - Lists are `x (COMMA x?)*`, which lets a trailing comma be decided by one token; two commas in a row are diagnosed before.
 *  - `anyName` is a name in a place where nothing else can stand (after a dot, before a colon, after `process`); `variable` is a name
 *    where a value is expected; `callee` one that begins a statement.
 *  - Braces after a value position are arms, a row or a set (`braces`); where outcomes, verdicts or page attributes stand, the arms
 *    have rules of their own.
 */
parser grammar MmSpecParser;

options { tokenVocab = MmSpecLexer; }

file : member* EOF;

// ---------------------------------------------------------------------------------------------------------------- members

member
    : IMPORT STRING                                                                             # importMember
    | KERNEL kernelSet                                                                          # kernelMember
    | MACHINE name=anyName (COLON base=anyName)? machineBody                                    # machineMember
    | DEF callee LPAREN (anyName (COMMA anyName?)*)? RPAREN block                         # defMember
    | PATCH name=anyName ON kernelSet LBRACE (patchRule COMMA?)* RBRACE                         # patchMember
    | TAG* SCENARIO STRING forClause* LBRACE scenarioItem* RBRACE                               # scenarioMember
    ;

patchRule : (WITH | WITHOUT) dottedName;

forClause : FOR variable IN expression;

scenarioItem
    : KERNEL kernelSet                                  # kernelItemLine
    | MACHINE name=anyName                              # machineByName
    | MACHINE (COLON base=anyName)? machineBody         # machineInline
    | statement                                         # statementItem
    ;

// --------------------------------------------------------------------------------------------------------------- machines

machineBody : LBRACE (machineItem COMMA?)* RBRACE;

machineItem
    : (key | STRING) COLON expression
    | (key | STRING) machineArgument* machineBody
    ;

machineArgument : NUMBER | STRING | anyName (SLASH anyName)+ | anyName (DOT anyName)*;

// ------------------------------------------------------------------------------------------------------------ kernel sets

kernelSet : kernelItem (COMMA kernelItem)*;

kernelItem
    : from=VERSION_FROM patchSuffix
    | from=VERSION_LINE patchSuffix
    | (from=NUMBER? DOTDOT to=NUMBER | from=NUMBER) patchSuffix
    ;

patchSuffix : (PLUS patches+=variable)* ONLY?;

condition
    : kernelSet                 # kernelCondition
    | HAS dottedName            # ruleCondition
    | CONFIG anyName            # configCondition
    | OTHERWISE                 # otherwiseCondition
    ;

// ------------------------------------------------------------------------------------------------------------- statements

block : LBRACE statement* RBRACE;

statement
    : processName COLON plainStatement      # processLine
    | plainStatement                        # ordinaryStatement
    ;

plainStatement
    : LET variable ASSIGN (access | expression) suffix                                          # letStatement
    | access suffix                                                                             # accessStatement
    | call (EQUAL content=value)? suffix                                                        # callStatement
    | FORK anyName (LBRACKET count=expression RBRACKET)? suffix                                 # forkStatement
    | action suffix                                                                             # actionStatement
    | INJECT errno=anyName AT site=dottedName (LPAREN arguments RPAREN)?                        # injectStatement
    | EXPECT expression (LBRACE (expectEntry (COMMA expectEntry?)*)? RBRACE)?             # expectStatement
    | NEW? PROCESS anyName (LBRACKET count=expression RBRACKET)? processAttribute* block        # processStatement
    | PROCESS anyName LBRACKET count=expression RBRACKET                                        # processesStatement
    | START (process=anyName DOT)? name=anyName block                                         # startStatement
    | JOIN (process=anyName DOT)? name=anyName                                                # joinStatement
    | FOR variable IN expression block                                                          # forStatement
    | REPEAT expression block                                                                   # repeatStatement
    | whenPart (ELSE whenPart)* (ELSE block)?                                                   # whenStatement
    | RETURN expression                                                                         # returnStatement
    | KNOWN_GAP STRING block                                                                    # knownGapStatement
    | PARALLEL LBRACE concurrent* RBRACE                                                           # parallelStatement
    | JUDGE LBRACE judgement* RBRACE                                                            # judgeStatement
    | TIMED block                                                                               # timedStatement
    | EACH anyName block                                                                        # eachStatement
    ;

whenPart : WHEN (KERNEL condition | expression) block;

access
    : LOAD region=value (EQUAL content=value)? stride?
    | STORE region=value (ASSIGN content=value)? stride?
    ;

stride : EVERY value (SHUFFLED LPAREN arguments RPAREN)?;

call : callee (DOT anyName)* LPAREN arguments RPAREN;

suffix : (ARROW outcome)? (FAULTS value)? (AS anyName)?;

action
    : verb=(SYSCTL | SYSFS) STRING ASSIGN value
    | verb=KHUGEPAGED anyName value (UNTIL anyName)?
    | verb=MIGRATE value (TO anyName value)?
    | verb=MOUNT anyName STRING machineBody
    | verb=(DROP_CACHES | POISON | UMOUNT | PIN | UNPIN | GUP_FAST | RECLAIM | MEMORY_FAILURE) value
    ;

processAttribute
    : AS anyName value
    | CAPS value (COMMA value)*
    | IN anyName (cgroupPath | STRING)
    | ON anyName value
    | RLIMIT anyName value
    ;

cgroupPath : anyName (SLASH anyName)*;

concurrent : THREAD process=anyName DOT name=anyName block;

// --------------------------------------------------------------------------------------------------------------- outcomes

outcome
    : LBRACE outcomeArm (COMMA outcomeArm?)* RBRACE
    | outcomeAtom (OR outcomeAtom)*
    ;

outcomeArm : condition COLON outcome;

outcomeAtom
    : signal                                                                                    # signalOutcome
    | KILLED (SIGNAL | NAME (DOT anyName)*)                                                     # killedOutcome
    | EXIT (MINUS? NUMBER | NAME (DOT anyName)*)                                                # exitOutcome
    | anyName LBRACE (eventField (COMMA eventField?)*)? RBRACE                            # eventOutcome
    | MINUS? NUMBER                                                                             # numberOutcome
    | postfix                                                                                   # valueOutcome
    ;

eventField : anyName (COLON expression)?;

// ----------------------------------------------------------------------------------------------------------- expectations

expectEntry
    : (anyName | STRING) COLON fieldOperator? value                                             # fieldEntry
    | from=value DOTDOT to=value COLON attributeValue                                           # rangeEntry
    ;

fieldOperator : EQUAL | NOT_EQUAL | LESS | LESS_EQUAL | GREATER | GREATER_EQUAL | IN | HAS;

attributeValue
    : LBRACE attributeArm (COMMA attributeArm?)* RBRACE
    | attribute+
    ;

attributeArm : condition COLON attributeValue;

attribute : NOT? (variable (NUMBER | anyName (DOT anyName)+)? | STRING);

// ------------------------------------------------------------------------------------------------------------- judgements

judgement
    : verdict expression (COMMA expression)*                                                    # verdictFirst
    | OUTCOMES LPAREN anyName (COMMA anyName?)* RPAREN
      (tuples | ARROW LBRACE tuplesArm (COMMA tuplesArm?)* RBRACE)                        # outcomesJudgement
    | property ARROW (verdict | LBRACE verdictArm (COMMA verdictArm?)* RBRACE)          # propertyFirst
    ;

// Like every statement it begins with a word, or one could not tell where the line before ends.
property : namedOperand (binaryOperator operand)*;

namedOperand : NOT* (signal | key postfixPart*);

verdict : ALWAYS | SOMETIMES | NEVER;

verdictArm : condition COLON verdict;

tuplesArm : condition COLON tuples;

tuples : IN LBRACE (tuple (COMMA tuple?)*)? RBRACE;

tuple : LPAREN outcomeAtom (COMMA outcomeAtom?)* RPAREN | outcomeAtom;

// ------------------------------------------------------------------------------------------------------------ expressions

// Everything.
expression : operand (binaryOperator operand)*;

// Without comparisons and logic: what stands after `load`, `=`, `at`, `faults` and in slices.
value : operand (arithmeticOperator operand)*;

binaryOperator : OR | AND | EQUAL | NOT_EQUAL | LESS | LESS_EQUAL | GREATER | GREATER_EQUAL | IN | HAS | PLUS | MINUS | STAR | SLASH | PERCENT | BAR;

arithmeticOperator : PLUS | MINUS | STAR | SLASH | PERCENT | BAR;

operand : (NOT | MINUS)* (signal | postfix);

postfix : primary postfixPart*;

postfixPart
    : DOT (anyName | STRING)                                    # memberPart
    | LBRACKET from=value (DOTDOT to=value)? RBRACKET           # indexPart
    | LPAREN arguments RPAREN                                   # callPart
    | SINCE (process=variable DOT)? variable                    # sincePart
    ;

arguments : (argument (COMMA argument?)*)?;

argument : (anyName COLON)? expression (INTO expression)?;

primary
    : NUMBER                                                                                    # numberPrimary
    | STRING                                                                                    # stringPrimary
    | KILLED SIGNAL                                                                             # killedPrimary
    | EXIT NUMBER                                                                               # exitPrimary
    | variable                                                                                  # namePrimary
    | LPAREN (expression (COMMA expression?)*)? RPAREN                              # parenthesesPrimary
    | LBRACKET (expression (COMMA expression?)*)? RBRACKET                                # listPrimary
    | braces                                                                                    # bracesPrimary
    ;

signal : SIGNAL SIGNAL_CODE? (AT place=postfix)?;

braces
    : LBRACE arm (COMMA arm?)* RBRACE                                                     # armsBraces
    | LBRACE rowField (COMMA rowField?)* RBRACE                                           # rowBraces
    | LBRACE (expression (COMMA expression?)*)? RBRACE                                    # setBraces
    ;

arm : condition COLON expression;

rowField : (anyName | STRING) COLON expression;

// ------------------------------------------------------------------------------------------------------------------ names

dottedName : anyName (DOT anyName)*;

// A name that begins a statement: no word that begins another statement or goes on with the one before.
callee : NAME | EXIT | KILLED | THREAD | CONFIG | WITH | WITHOUT | CAPS | RLIMIT | IMPORT | DEF | PATCH;

// Before the colon of a one-line block: whatever may name a process.
processName : key;

// A name that may follow a finished value, so no word that would go on with it.
key : NAME | softKeyword | LOAD | STORE | OUTCOMES;

// A name where a value may stand.
variable
    : NAME | SIGNAL_CODE | softKeyword
    | AS | AT | IN | HAS | SINCE | FAULTS | TO | UNTIL | OF | EVERY
    ;

// A name in a place where only a name can stand.
anyName
    : NAME | SIGNAL | SIGNAL_CODE | softKeyword | LOAD | STORE | OUTCOMES
    | AS | AT | AND | OR | NOT | IN | HAS | SINCE | FAULTS | TO | UNTIL | OF | EVERY
    ;

softKeyword
    : IMPORT | KERNEL | MACHINE | DEF | PATCH | SCENARIO | PROCESS | NEW | THREAD | START | JOIN | FORK | LET | EXPECT | WHEN | ELSE | FOR
    | REPEAT | EACH | RETURN | KNOWN_GAP | INJECT | PARALLEL | JUDGE | TIMED | ALWAYS | SOMETIMES | NEVER | ON | ONLY | WITH | WITHOUT
    | CONFIG | OTHERWISE | CAPS | RLIMIT | INTO | KILLED | EXIT | SHUFFLED | SYSCTL | SYSFS | KHUGEPAGED | DROP_CACHES | POISON | MIGRATE
    | MOUNT | UMOUNT | PIN | UNPIN | GUP_FAST | RECLAIM | MEMORY_FAILURE
    ;
