#ifndef LIMBECK_MACHINE_H
#define LIMBECK_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

// The machine's instructions. R is the register window of the running function and K its
// constants; a, b and c are the instruction's fields (see `Instruction`). Where a register "dies",
// it is cleared after it is read: it was a temporary, or this was a variable's last use.
enum __attribute__((enum_extensibility(closed))) Opcode : uint8_t {
  // Registers.
  // R[a] = R[b]
  OpcodeMove,
  // R[a] = R[b], and R[b] is cleared.
  OpcodeTake,
  // R[a] = K[c]
  OpcodeConstant,
  // R[a] = nil
  OpcodeLoadNil,
  // R[a] = b != 0
  OpcodeLoadBool,
  // R[a ..< a + c] are cleared.
  OpcodeClear,

  // Variables that are not in registers.
  // R[a] = captures[c]
  OpcodeGetCapture,
  // R[a] = the value of the cell captures[c]; an error before its `let` has run.
  OpcodeGetCaptureCell,
  // The cell captures[c] is set to R[a], which dies.
  OpcodeSetCaptureCell,
  // R[a] = a new cell whose `let` has not run.
  OpcodeNewCell,
  // R[a] = a new cell that holds R[b], which dies.
  OpcodeWrapCell,
  // R[a] = the value of the cell R[b]; an error before its `let` has run.
  OpcodeGetCell,
  // The cell R[a] is set to R[b], which dies; c says whether its `let` must have run.
  OpcodeSetCell,
  // R[a] = globals[c]; an error before its `let` has run.
  OpcodeGetGlobal,
  // globals[c] = R[a], which dies: a declaration.
  OpcodeSetGlobal,
  // globals[c] = R[a], which dies: an assignment; an error before its `let` has run.
  OpcodeAssignGlobal,
  // R[a] = the value of references[c]: a module of stdlib or a member of one.
  OpcodeGetReference,
  // R[a] = the running function
  OpcodeGetSelf,
  // R[a] = a closure of functions[c]
  OpcodeClosure,

  // Arithmetic: R[a] = R[b] op R[c]. Bits 16 and 17 of c: R[b], R[c] dies.
  OpcodeAdd, OpcodeSubtract, OpcodeMultiply, OpcodeDivide, OpcodeFloorDivide, OpcodeRemainder,
  OpcodeMatmul, OpcodePower,
  // R[a] = R[b] op K[c], where the constant is a number. Bit 16 of c: R[b] dies.
  OpcodeAddConstant, OpcodeSubtractConstant, OpcodeMultiplyConstant, OpcodeDivideConstant,
  OpcodeFloorDivideConstant, OpcodeRemainderConstant,
  // R[a] = R[b] op R[c], with the same bits.
  OpcodeEqual, OpcodeNotEqual, OpcodeLess, OpcodeLessEqual, OpcodeGreater, OpcodeGreaterEqual,
  // R[a] = R[b] in R[c]; bit 18 of c negates. If bit 19 is set, the lower 16 bits of c are the place of a
  // variable (see `Code.place`).
  OpcodeContains,
  // R[a] = -R[b]
  OpcodeNegate,
  // R[a] = not R[b]
  OpcodeNot,
  // R[a] = the truth of R[b]
  OpcodeTruth,

  // Jumps: c is the distance from the next instruction.
  OpcodeJump,
  // Jumps backwards and checks for Ctrl-C.
  OpcodeLoop,
  OpcodeJumpIfFalse, OpcodeJumpIfTrue,
  // Jumps unless R[a] op R[b].
  OpcodeUnlessEqual, OpcodeUnlessNotEqual, OpcodeUnlessLess, OpcodeUnlessLessEqual,
  OpcodeUnlessGreater, OpcodeUnlessGreaterEqual,
  // Jumps unless R[a] op K[b].
  OpcodeUnlessEqualConstant, OpcodeUnlessNotEqualConstant, OpcodeUnlessLessConstant,
  OpcodeUnlessLessEqualConstant,
  OpcodeUnlessGreaterConstant, OpcodeUnlessGreaterEqualConstant,

  // Calls: the b arguments begin at R[a]; the result is stored in R[a].
  // Calls R[c].
  OpcodeCall,
  // Calls globals[c].
  OpcodeCallGlobal,
  // Calls the running function.
  OpcodeCallSelf,
  // Calls the builtin K[c].
  OpcodeCallBuiltin,
  // Calls the builtin K[c], a function of one number.
  OpcodeCallNumeric,
  // R[a] = the result of the builtin K[c], whose arguments `operands` names. If it does not have it at
  // once, they are moved to the registers from R[b] on, and it is called with these.
  OpcodeCallDirect,
  // The arguments of the call before: of R[a], R[b] and R[c] as many as bits 19 and 20 of c say. Bits
  // 16 to 18: R[a], R[b], R[c] dies. If bit 21 is set, a is the place of a variable instead.
  OpcodeOperands,
  // Calls sites[c].name on R[a].
  OpcodeCallMethod,
  // `R[c].append(R[a + 1])` if R[c] is a list, and skips the `callMethod` that follows; otherwise
  // R[a] = R[c] and that `callMethod` runs. If b is 1, c is the place of a variable.
  OpcodeAppend,
  // Calls R[a] with the b arguments after it, named as sites[c] says; or the method that sites[c]
  // names.
  OpcodeCallNamed,
  // Returns R[a] from the function.
  OpcodeReturn,
  // Jumps by c if the parameter R[a] was given.
  OpcodeUnlessMissing,
  // R[a] = a function that evaluates the code up to `endDeferred`; jumps by c.
  OpcodeDeferred,
  // Ends a deferred argument with R[a] as its value.
  OpcodeEndDeferred,

  // Containers.
  // R[a] = a list of R[b ..< b + c], which die.
  OpcodeList,
  // R[b ..< b + c], which die, are appended to the list R[a].
  OpcodeExtend,
  // R[a] = a map of c entries, whose keys and values alternate from R[b] on and die.
  OpcodeMap,
  // R[a] = a map of the keys shapes[c] with the values from R[b] on, which die.
  OpcodeMapOf,
  // c more entries are inserted into the map R[a].
  OpcodeInsert,
  // R[a] = R[b] .. R[c]
  OpcodeRange,
  // R[a] = the text of the f-string whose pieces begin at pieces[c], with the values from R[b] on, which die.
  OpcodeFormat,
  // R[a ..< a + c] = the c elements of R[b]
  OpcodeUnpack,
  // R[a] = R[b][R[c]], with the same bits as arithmetic.
  OpcodeGetIndex,
  // The same where b is the place of a variable that is not in a register (see `Code.place`).
  OpcodeGetIndexAt,
  // R[a] = R[b][R[x]][R[y]] with x in the lower and y in the upper 12 bits of c.
  OpcodeGetPair,
  // The same where b is the place of a variable.
  OpcodeGetPairAt,
  // R[a][R[b]] = R[c]; bit 17 of c: R[c] dies.
  OpcodeSetIndex,
  // The same where a is the place of a variable.
  OpcodeSetIndexAt,
  // R[a] = R[b][...] with the positions of indexes[c] from R[b + 1] on; all of them die.
  OpcodeGetIndexMany,
  // R[a] = R[b][...] with the ends of a slice from R[b + 1] on; all of them die. Bits 0 and 1 of c: it has a
  // lower, an upper end.
  OpcodeGetSlice,
  // R[a] = R[b].name of fields[c]; bit 23 of c: R[b] dies.
  OpcodeGetField,
  // The same where b is the place of a variable.
  OpcodeGetFieldAt,
  // R[a].name of fields[c] = R[b]; bit 23 of c: R[b] dies.
  OpcodeSetField,
  // The same where a is the place of a variable.
  OpcodeSetFieldAt,
  // If R[b] is an object whose fields[c] is another list or map than R[a], it is set to R[a].
  OpcodeStoreBack,
  // The same for the element at R[c].
  OpcodeStoreBackAt,
  // R[a] = the value at the place that paths[c] describes, with positions from R[b] on.
  OpcodeReadPath,
  // That place is set to R[a]; bit 23 of c: R[a] dies.
  OpcodeAssignPath,

  // Loops over R[a] with its state in R[a ..< a + 3].
  // R[a] becomes the state of a loop over R[a] .. R[a + 1].
  OpcodeForRange,
  // R[a] becomes the state of a loop over R[b]; bit 0 of c: R[b] dies.
  OpcodeForPrepare,
  // R[b] = the next element, and jumps back by c; continues at the end.
  OpcodeForNext,
  // R[b], R[b + 1] = the next key and value of a map, or the two parts of the next element.
  OpcodeForNextPair,

  // Errors and modules.
  // From here on, errors jump to the handler, at distance c, with the error in R[a]; R[b...] are
  // cleared.
  OpcodePushTry,
  OpcodePopTry,
  // R[a] = the module that uses[c] is bound to
  OpcodeUse,
};
typedef enum Opcode Opcode;

// What the loop in C reads of the language's values and code. These are the layouts that Swift gives
// them; LoopTests compares them.

// A value.
typedef struct {
  union {
    double number;
    bool truth;
    uint64_t bits;
    void *_Nullable object;
  };
  uint8_t tag;
} CValue;

enum {
  CValueBool, CValueNumber, CValueString, CValueList, CValueMap, CValueRange, CValueFunction,
  CValueObject,
  // nil, whose bits are 0, or a variable whose `let` has not run, whose bits are 1.
  CValueNone
};

// The items of a list: its first field.
typedef struct {
  void *_Nullable storage;
  // The number of items, and for how many of them there is room.
  long count, capacity;
  // What the storage consists of.
  uint8_t kind;
} CListItems;

enum { CListNumbers, CListBools, CListValues };

// The name of a field, with the position where it was last found.
typedef struct {
  long position;
  uint64_t key[2];
  uint8_t keyTag;
  uint64_t name[2];
} CFieldSite;

// An entry of a map.
typedef struct {
  uint64_t key[2];
  uint8_t keyTag;
  CValue value;
} CMapSlot;

enum { CKeyString, CKeyNumber, CKeyBool };

// A string: the first fields of its box. The bytes of a text of up to 15 are in the two words themselves,
// from the lowest byte of the first on; if all of them are ASCII, the highest byte of the second word is
// 0xE0 plus their number. Of a text elsewhere the second word is its address, less 32.
typedef struct {
  uint64_t text[2];
  // Whether the text is in a buffer of joined strings instead.
  uint8_t isJoined;
  long bytes, count;
  // The hash as a key, or 0 if it is not known yet.
  uint64_t hash;
} CStringFields;

// A part of an f-string: a text in UTF-8, or a value.
typedef struct {
  const uint8_t *_Nullable text;
  long count;
  // Whether it is a value that is written without a format; and the last part.
  bool isPlain, isLast;
} CFormatPiece;

// A call of a method: the builtin for receivers of some kinds, of which that with tag t has bit t + 1.
typedef struct {
  uint16_t kinds;
  const void *_Nullable builtin;
} CCallSite;

// What code consists of.
typedef struct {
  const uint64_t *_Nonnull instructions;
  const CValue *_Nonnull constants;
  CValue *_Nonnull globals;
  CFieldSite *_Nonnull fields;
  const CFormatPiece *_Nonnull pieces;
  // Objects, whose first fields are a CCallSite.
  const void *_Nonnull const *_Nonnull sites;
  long registers, parameters;
  const void *_Nonnull code;
} CCodeHeader;

// A running function.
typedef struct {
  const CCodeHeader *_Nonnull header;
  const void *_Nullable closure;
  CValue *_Nonnull base;
  const uint64_t *_Nonnull next;
  long shift;
  bool isDeferred;
} CCallFrame;

// What the loop calls of the code in Swift.
typedef struct {
  // The result of a builtin, an object, for arguments of the usual kinds; false for others.
  bool (*_Nonnull direct)(const void *_Nonnull builtin, const CValue *_Nonnull arguments, long count,
                          CValue *_Nonnull result);
  // A new string, an object, of bytes in UTF-8.
  void *_Nonnull (*_Nonnull string)(const uint8_t *_Nonnull bytes, long count);
  // Inserts an entry into a map, an object, that has room for it and does not have the key, a number or a
  // short string. The value is moved.
  void (*_Nonnull insert)(const void *_Nonnull map, const CValue *_Nonnull key, CValue *_Nonnull value);
  // Whether the used memory exceeds its limit: the code in Swift, which is to throw then, is to go on.
  bool (*_Nonnull is_over)(void);
  // The result of a builtin that is a function of one number.
  double (*_Nonnull numeric)(const void *_Nonnull builtin, double x);
} CMachineFunctions;

// The state of the loop.
typedef struct {
  // The running frame.
  const uint64_t *_Nonnull next;
  CValue *_Nonnull base;
  const CCodeHeader *_Nonnull header;
  // All frames and their number; that of the frame whose end ends the loop; and how many there may be.
  CCallFrame *_Nonnull frames;
  long depth, entry, deepest;
  // The end of the registers that are initialised.
  CValue *_Nonnull initialized;
  // The strings of one ASCII character, by their code.
  const CValue *_Nonnull characters;
  const CMachineFunctions *_Nonnull functions;
  // Not 0 if there is a request to stop or park.
  const uint8_t *_Nonnull requests;
} CMachineState;

// Runs instructions on numbers, bools and references, as long as nothing but that is asked for. It stops
// before any other instruction, which `Machine.execute` runs, and before one that would have to poll or to
// throw.
void limbeck_run(CMachineState *_Nonnull state);

// The position of a key's entry in a map, an object; -1 if there is none, and -2 if only the code in Swift
// can tell: for other keys than numbers and short texts.
long limbeck_position(const void *_Nonnull map, const CValue *_Nonnull key);

// The bytes of a value, if it is a string that is known to be ASCII.
const uint8_t *_Nullable limbeck_ascii(const CValue *_Nonnull value, long *_Nonnull count);

// The value of a key's entry in a value, if that is a map and the key a number or a short text, else not known;
// NULL if it has none.
const CValue *_Nullable limbeck_entry(const CValue *_Nonnull container, const CValue *_Nonnull key,
                                      bool *_Nonnull known);

// Whether values have the tags and offsets that the loop relies on; LoopTests gives it one of each kind.
bool limbeck_layout_is(const CValue *_Nonnull values, const void *_Nonnull closure_header,
                       const CValue *_Nonnull capture, const CFieldSite *_Nonnull site);

#endif
