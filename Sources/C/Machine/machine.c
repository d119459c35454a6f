// The part of the machine's loop that takes most of the time: moves, arithmetic and comparisons of
// numbers, jumps, calls of functions of the script, items of lists, entries of maps, characters and short
// strings. It is written in C for its `goto *`: with one indirect jump for each instruction the processor
// predicts the next one better, and Swift's optimiser merges them all into one.
//
// It decides nothing: whatever an instruction does with other values, and each error, is in
// `Machine.execute`, to which `LEAVE` returns before anything is changed.

#include "lists.h"
#include "maps.h"

// Fields of an instruction (see `Instruction`).
#define A ((uint16_t)(word >> 8))
#define B ((uint16_t)(word >> 24))
#define C ((uint16_t)(word >> 40))
#define C_INDEX (word >> 40 & 0x7FFFFF)
#define C_DISTANCE ((int64_t)word >> 40)
#define B_DIES (word >> 56 & 1)
#define C_DIES (word >> 57 & 1)
#define TOP_BIT (word >> 63)

// The register or constant in a field.
#define R(field) ((CValue *)((char *)base + OFFSET_##field(word)))
#define K(field) ((const CValue *)((const char *)constants + OFFSET_##field(word)))
#define OFFSET_A(word) ((word) >> 4 & 0xFFFF0)
#define OFFSET_B(word) ((word) >> 20 & 0xFFFF0)
#define OFFSET_C(word) ((word) >> 36 & 0xFFFF0)

long limbeck_position(const void *map, const CValue *key) { return find_entry(map, key); }

const uint8_t *limbeck_ascii(const CValue *value, long *count) {
  if (value->tag != CValueString) return NULL;
  const CStringFields *string = fields_of(value->object);
  *count = string->bytes;
  return ascii_of(string);
}

const CValue *limbeck_entry(const CValue *container, const CValue *key, bool *known) {
  long i = container->tag == CValueMap ? find_entry(container->object, key) : Unknown;
  *known = i != Unknown;
  return i >= 0 ? &slots_of(container->object)[i].value : NULL;
}

// Reads an element of a list, an entry of a map or a character of a string.
static INLINE bool get_element(CValue *target, const CValue *container, const CValue *index,
                               const CValue *characters) {
  if (LIKELY(container->tag == CValueList)) {
    const CListItems *list = list_of(container);
    int64_t i = position(index, list->count);
    if (i < 0) return false;
    get_item(target, list, i);
    return true;
  }
  if (container->tag == CValueMap) {
    long i = find_entry(container->object, index);
    if (i < 0) return false;
    copy(target, &slots_of(container->object)[i].value);
    return true;
  }
  if (container->tag != CValueString) return false;
  const CStringFields *string = fields_of(container->object);
  const uint8_t *bytes = ascii_of(string);
  int64_t i = bytes ? position(index, string->bytes) : -1;
  if (i < 0) return false;
  copy(target, characters + bytes[i]);
  return true;
}

// Sets an element of a list or an entry of a map.
static INLINE bool set_element(const CValue *container, const CValue *index, CValue *source,
                               bool dies, const CMachineFunctions *functions) {
  if (LIKELY(container->tag == CValueList)) {
    CListItems *list = list_of(container);
    int64_t i = position(index, list->count);
    return i >= 0 && set_item(list, i, source, dies);
  }
  if (container->tag != CValueMap) return false;
  long i = find_entry(container->object, index);
  if (i == Absent) return insert_entry(container->object, index, source, dies, functions);
  return i >= 0 && set_entry(container->object, i, source, dies);
}

// What is not inlined takes no registers from the loop.
#define APART __attribute__((noinline))

// Calls a method that is a builtin and answers directly.
static APART bool call_method(CValue *window, long count, const void *call,
                              const CMachineFunctions *functions) {
  const CCallSite *site = fields_of(call);
  CValue result;
  if (!(site->kinds >> (window->tag + 1) & 1)) return false;
  if (!functions->direct(site->builtin, window, count, &result)) return false;
  if (!is_trivial(&result) && functions->is_over()) {
    swift_release(result.object);
    return false;
  }
  for (CValue *r = window + 1; r < window + count; r++) clear(r);
  replace(window, result);
  return true;
}

// Cuts an ASCII text; ends has a bit for the lower end and one for the upper end, which follow it.
static APART bool get_slice(CValue *target, CValue *container, int ends,
                            const CMachineFunctions *functions) {
  if (container->tag != CValueString) return false;
  const CStringFields *string = fields_of(container->object);
  const uint8_t *bytes = ascii_of(string);
  int64_t low = 0, high = string->bytes;
  if (!bytes || (ends & 1 && !slice_end(container + 1, string->bytes, &low))) return false;
  if (ends & 2 && !slice_end(container + (ends & 1) + 1, string->bytes, &high)) return false;
  if (functions->is_over()) return false;
  void *part = functions->string(bytes + low, high > low ? high - low : 0);
  replace(target, (CValue){.object = part, .tag = CValueString});
  if (target != container) clear(container);
  return true;
}

#pragma clang diagnostic ignored "-Winitializer-overrides"

void limbeck_run(CMachineState *state) {
#define ENTRY(name) [Opcode##name] = &&name
  static const void *const labels[256] = {
      [0 ... 255] = &&leave, ENTRY(Move), ENTRY(Take), ENTRY(Constant), ENTRY(LoadNil),
      ENTRY(LoadBool), ENTRY(Clear), ENTRY(GetCapture), ENTRY(GetCaptureCell),
      ENTRY(SetCaptureCell), ENTRY(GetCell), ENTRY(SetCell), ENTRY(GetGlobal),
      ENTRY(AssignGlobal), ENTRY(Add), ENTRY(Subtract), ENTRY(Multiply), ENTRY(Divide),
      ENTRY(FloorDivide), ENTRY(Remainder), ENTRY(AddConstant), ENTRY(SubtractConstant),
      ENTRY(MultiplyConstant), ENTRY(DivideConstant), ENTRY(FloorDivideConstant),
      ENTRY(RemainderConstant), ENTRY(Equal), ENTRY(NotEqual), ENTRY(Less), ENTRY(LessEqual),
      ENTRY(Greater), ENTRY(GreaterEqual), ENTRY(Negate), ENTRY(Not), ENTRY(Truth), ENTRY(Jump),
      ENTRY(Loop), ENTRY(JumpIfFalse), ENTRY(JumpIfTrue), ENTRY(UnlessEqual),
      ENTRY(UnlessNotEqual), ENTRY(UnlessLess), ENTRY(UnlessLessEqual), ENTRY(UnlessGreater),
      ENTRY(UnlessGreaterEqual), ENTRY(UnlessEqualConstant), ENTRY(UnlessNotEqualConstant),
      ENTRY(UnlessLessConstant), ENTRY(UnlessLessEqualConstant), ENTRY(UnlessGreaterConstant),
      ENTRY(UnlessGreaterEqualConstant), ENTRY(Call), ENTRY(CallGlobal), ENTRY(CallSelf),
      ENTRY(CallNumeric), ENTRY(CallDirect), ENTRY(CallMethod),
      ENTRY(Format),
      ENTRY(Append), ENTRY(Contains), ENTRY(Return), ENTRY(UnlessMissing), ENTRY(GetIndex),
      ENTRY(GetIndexAt), ENTRY(GetSlice), ENTRY(GetPair), ENTRY(GetPairAt), ENTRY(ForRange),
      ENTRY(SetIndex), ENTRY(SetIndexAt), ENTRY(GetField), ENTRY(GetFieldAt), ENTRY(SetField),
      ENTRY(SetFieldAt), ENTRY(StoreBack), ENTRY(StoreBackAt), ENTRY(ForNext),
  };
  const uint64_t *next = state->next;
  CValue *base = state->base;
  const CCodeHeader *header = state->header;
  const CValue *constants = header->constants;
  CValue *globals = header->globals;
  CCallFrame *frame = state->frames + state->depth - 1;
  const uint8_t *requests = state->requests;
  uint64_t word;

#define NEXT                              \
  do {                                    \
    word = *next++;                       \
    goto *labels[(uint8_t)word];          \
  } while (0)
#define LEAVE goto leave

  NEXT;

  // Registers and variables.
Move:
  copy(R(A), R(B));
  NEXT;
Take:
  take(R(A), R(B));
  NEXT;
Constant:
  copy(R(A), constants + C_INDEX);
  NEXT;
LoadNil:
  clear(R(A));
  NEXT;
LoadBool:
  set_bool(R(A), B != 0);
  NEXT;
Clear:
  for (CValue *r = R(A), *end = r + C_INDEX; r < end; r++) clear(r);
  NEXT;
GetCapture:
  copy(R(A), closure_of(frame->closure)->captures + C_INDEX);
  NEXT;
GetCaptureCell: {
  const CValue *variable = cell(closure_of(frame->closure)->captures + C_INDEX);
  if (is_unset(variable)) LEAVE;
  copy(R(A), variable);
  NEXT;
}
SetCaptureCell: {
  CValue *variable = cell(closure_of(frame->closure)->captures + C_INDEX);
  if (is_unset(variable)) LEAVE;
  take(variable, R(A));
  NEXT;
}
GetCell: {
  const CValue *variable = cell(R(B));
  if (is_unset(variable)) LEAVE;
  copy(R(A), variable);
  NEXT;
}
SetCell: {
  CValue *variable = cell(R(A));
  if (C_DISTANCE != 0 && is_unset(variable)) LEAVE;
  take(variable, R(B));
  NEXT;
}
GetGlobal: {
  const CValue *variable = globals + C_INDEX;
  if (is_unset(variable)) LEAVE;
  copy(R(A), variable);
  NEXT;
}
AssignGlobal: {
  CValue *variable = globals + C_INDEX;
  // A function that runs must be kept.
  if (is_unset(variable) || variable->tag == CValueFunction) LEAVE;
  take(variable, R(A));
  NEXT;
}

  // Arithmetic on numbers.
#define ARITHMETIC(name, right, result)                                            \
  name: {                                                                          \
    const CValue *b = R(B), *c = right;                                            \
    if (!LIKELY(b->tag == CValueNumber && c->tag == CValueNumber)) LEAVE;          \
    double x = b->number, y = c->number;                                           \
    set_number(R(A), result);                                                      \
    NEXT;                                                                          \
  }
Add: {
  CValue *b = R(B), *c = R(C);
  if (LIKELY(b->tag == CValueNumber && c->tag == CValueNumber)) {
    set_number(R(A), b->number + c->number);
    NEXT;
  }
  if (b->tag != CValueString || c->tag != CValueString) LEAVE;
  Text text;
  text.count = 0;
  if (!add_value(&text, b) || !add_value(&text, c) || state->functions->is_over()) LEAVE;
  CValue result = made_string(&text, state->functions);
  if (B_DIES) clear(b);
  if (C_DIES) clear(c);
  replace(R(A), result);
  NEXT;
}
  ARITHMETIC(Subtract, R(C), x - y)
  ARITHMETIC(Multiply, R(C), x *y)
  ARITHMETIC(Divide, R(C), x / y)
  ARITHMETIC(AddConstant, K(C), x + y)
  ARITHMETIC(SubtractConstant, K(C), x - y)
  ARITHMETIC(MultiplyConstant, K(C), x *y)
  ARITHMETIC(DivideConstant, K(C), x / y)

  // Both are rounded down, for whole numbers only.
#define WHOLE(name, right, result)                                                 \
  name: {                                                                          \
    const CValue *b = R(B), *c = right;                                            \
    double quotient, rest;                                                         \
    if (!LIKELY(b->tag == CValueNumber && c->tag == CValueNumber)) LEAVE;          \
    if (!divide(b->number, c->number, &quotient, &rest)) LEAVE;                    \
    set_number(R(A), result);                                                      \
    NEXT;                                                                          \
  }
  WHOLE(FloorDivide, R(C), quotient)
  WHOLE(Remainder, R(C), rest)
  WHOLE(FloorDivideConstant, K(C), quotient)
  WHOLE(RemainderConstant, K(C), rest)

#define COMPARISON(name, operator)                                                 \
  name: {                                                                          \
    const CValue *b = R(B), *c = R(C);                                             \
    if (!LIKELY(b->tag == CValueNumber && c->tag == CValueNumber)) LEAVE;          \
    set_bool(R(A), b->number operator c->number);                                  \
    NEXT;                                                                          \
  }
  COMPARISON(Equal, ==)
  COMPARISON(NotEqual, !=)
  COMPARISON(Less, <)
  COMPARISON(LessEqual, <=)
  COMPARISON(Greater, >)
  COMPARISON(GreaterEqual, >=)

Negate:
  if (R(B)->tag != CValueNumber) LEAVE;
  set_number(R(A), -R(B)->number);
  NEXT;
Not:
  if (R(B)->tag != CValueBool) LEAVE;
  set_bool(R(A), !R(B)->truth);
  NEXT;
Truth:
  if (R(B)->tag != CValueBool) LEAVE;
  set_bool(R(A), R(B)->truth);
  NEXT;

  // Jumps.
Jump:
  next += C_DISTANCE;
  NEXT;
Loop:
  if (*requests) LEAVE;
  next += C_DISTANCE;
  NEXT;
JumpIfFalse:
  if (R(A)->tag != CValueBool) LEAVE;
  if (!R(A)->truth) next += C_DISTANCE;
  NEXT;
JumpIfTrue:
  if (R(A)->tag != CValueBool) LEAVE;
  if (R(A)->truth) next += C_DISTANCE;
  NEXT;

  // Also of short strings.
#define UNLESS(name, right, operator)                                              \
  name: {                                                                          \
    const CValue *a = R(A), *b = right;                                            \
    if (LIKELY(a->tag == CValueNumber && b->tag == CValueNumber)) {                \
      if (!(a->number operator b->number)) next += C_DISTANCE;                     \
      NEXT;                                                                        \
    }                                                                              \
    const CStringFields *s = short_string(a), *t = s ? short_string(b) : NULL;     \
    if (!t) LEAVE;                                                                 \
    if (!(order(s, t) operator 0)) next += C_DISTANCE;                             \
    NEXT;                                                                          \
  }
  UNLESS(UnlessLess, R(B), <)
  UNLESS(UnlessLessEqual, R(B), <=)
  UNLESS(UnlessGreater, R(B), >)
  UNLESS(UnlessGreaterEqual, R(B), >=)
  UNLESS(UnlessLessConstant, K(B), <)
  UNLESS(UnlessLessEqualConstant, K(B), <=)
  UNLESS(UnlessGreaterConstant, K(B), >)
  UNLESS(UnlessGreaterEqualConstant, K(B), >=)

  // Equality also of bools, nil and short strings, and of an object with itself unless the library
  // defines it.
#define UNLESS_EQUAL(name, right, isEqual)                                         \
  name: {                                                                          \
    const CValue *a = R(A), *b = right;                                            \
    bool equal;                                                                    \
    if (LIKELY(a->tag == CValueNumber && b->tag == CValueNumber)) {                \
      equal = a->number == b->number;                                              \
    } else if (a->tag == CValueObject || b->tag == CValueObject) {                 \
      LEAVE;                                                                       \
    } else if (a->tag != b->tag) {                                                 \
      equal = false;                                                               \
    } else if (a->tag == CValueBool) {                                             \
      equal = a->truth == b->truth;                                                \
    } else if (a->bits == b->bits) {                                               \
      equal = true;                                                                \
    } else {                                                                       \
      const CStringFields *s = short_string(a), *t = s ? short_string(b) : NULL;   \
      if (!t) LEAVE;                                                               \
      equal = s->text[0] == t->text[0] && s->text[1] == t->text[1];                \
    }                                                                              \
    if (equal != isEqual) next += C_DISTANCE;                                      \
    NEXT;                                                                          \
  }
  UNLESS_EQUAL(UnlessEqual, R(B), true)
  UNLESS_EQUAL(UnlessNotEqual, R(B), false)
  UNLESS_EQUAL(UnlessEqualConstant, K(B), true)
  UNLESS_EQUAL(UnlessNotEqualConstant, K(B), false)

  // Calls of functions of the script.
#define ENTER(object)                                                              \
  do {                                                                             \
    const void *closure = object;                                                  \
    const CCodeHeader *target = closure_of(closure)->entry;                        \
    CValue *window = R(A);                                                         \
    if (*requests || target->parameters != B) LEAVE;                               \
    if (state->depth >= state->deepest) LEAVE;                                     \
    if (window + target->registers > state->initialized) LEAVE;                    \
    frame->next = next;                                                            \
    header = target;                                                               \
    base = window;                                                                 \
    next = target->instructions;                                                   \
    constants = target->constants;                                                 \
    globals = target->globals;                                                     \
    state->depth++;                                                                \
    frame++;                                                                       \
    frame->header = target;                                                        \
    frame->closure = closure;                                                      \
    frame->base = base;                                                            \
    frame->next = next;                                                            \
    frame->shift = 0;                                                              \
    frame->isDeferred = false;                                                     \
    NEXT;                                                                          \
  } while (0)
Call:
  if (R(C)->tag != CValueFunction) LEAVE;
  ENTER(R(C)->object);
CallGlobal: {
  const CValue *callee = globals + C_INDEX;
  if (callee->tag != CValueFunction) LEAVE;
  ENTER(callee->object);
}
CallSelf:
  ENTER(frame->closure);
CallNumeric:
  if (R(A)->tag != CValueNumber) LEAVE;
  R(A)->number = state->functions->numeric(constants[C_INDEX].object, R(A)->number);
  NEXT;
CallDirect: {
  if (*requests) LEAVE;
  const uint64_t operands = *next;
  CValue *registers[3] = {
      operands >> 61 & 1 ? place((uint16_t)(operands >> 8), base, globals, frame)
                         : (CValue *)((char *)base + OFFSET_A(operands)),
      (CValue *)((char *)base + OFFSET_B(operands)),
      (CValue *)((char *)base + OFFSET_C(operands)),
  };
  // A register always has a value, the place of a variable may not have one yet.
  if (is_unset(registers[0])) LEAVE;
  // They are lent: their references are not counted.
  CValue arguments[3], result;
  int count = operands >> 59 & 3;
  for (int i = 0; i < count; i++) arguments[i] = value_at(registers[i]);
  if (!state->functions->direct(constants[C_INDEX].object, arguments, count, &result)) LEAVE;
  if (!is_trivial(&result) && state->functions->is_over()) {
    swift_release(result.object);
    LEAVE;
  }
  next++;
  for (int i = 0; i < count; i++) {
    if (operands >> (56 + i) & 1) clear(registers[i]);
  }
  replace(R(A), result);
  NEXT;
}
CallMethod:
  if (*requests || !call_method(R(A), B, header->sites[C_INDEX], state->functions)) LEAVE;
  NEXT;
Return: {
  if (state->depth - 1 == state->entry) LEAVE;
  CValue result = value_at(R(A));
  R(A)->bits = 0;
  R(A)->tag = CValueNone;
  for (CValue *r = base, *end = base + header->registers; r < end; r++) {
    if (!is_trivial(r)) clear(r);
  }
  CValue *target = base - frame->shift;
  state->depth--;
  frame--;
  header = frame->header;
  base = frame->base;
  next = frame->next;
  constants = header->constants;
  globals = header->globals;
  replace(target, result);
  NEXT;
}
UnlessMissing:
  if (!is_unset(R(A))) next += C_DISTANCE;
  NEXT;

  // Lists and maps.
Append: {
  const CValue *receiver = B == 0 ? R(C) : place(C, base, globals, frame);
  if (receiver->tag != CValueList || !append_item(list_of(receiver), R(A) + 1)) LEAVE;
  clear(R(A));
  next++;
  NEXT;
}
Contains: {
  CValue *container = word >> 59 & 1 ? place(C, base, globals, frame) : R(C), *key = R(B);
  if (container->tag != CValueMap) LEAVE;
  long i = find_entry(container->object, key);
  if (i == Unknown) LEAVE;
  bool isNegated = word >> 58 & 1;
  if (B_DIES) clear(key);
  if (C_DIES) clear(container);
  set_bool(R(A), (i >= 0) != isNegated);
  NEXT;
}
GetIndex: {
  CValue *container = R(B), *index = R(C);
  if (!get_element(R(A), container, index, state->characters)) LEAVE;
  if (B_DIES) clear(container);
  if (C_DIES) clear(index);
  NEXT;
}
GetIndexAt: {
  CValue *index = R(C);
  if (!get_element(R(A), place(B, base, globals, frame), index, state->characters)) LEAVE;
  if (C_DIES) clear(index);
  NEXT;
}
GetSlice:
  if (!get_slice(R(A), R(B), word >> 40 & 3, state->functions)) LEAVE;
  NEXT;
Format: {
  Text text;
  text.count = 0;
  const CValue *value = R(B);
  for (const CFormatPiece *piece = header->pieces + C_INDEX;; piece++) {
    if (piece->text ? !add_bytes(&text, piece->text, piece->count)
                    : !piece->isPlain || !add_value(&text, value++))
      LEAVE;
    if (piece->isLast) break;
  }
  if (state->functions->is_over()) LEAVE;
  CValue result = made_string(&text, state->functions);
  for (CValue *r = R(B); r < value; r++) clear(r);
  replace(R(A), result);
  NEXT;
}
#define PAIR(name, from)                                                           \
  name: {                                                                          \
    const CValue *container = from;                                                \
    if (container->tag != CValueList) LEAVE;                                       \
    const CListItems *rows = list_of(container);                                   \
    int64_t i = position(base + (word >> 40 & 0xFFF), rows->count);                \
    if (i < 0 || rows->kind != CListValues) LEAVE;                                 \
    const CValue *row = (const CValue *)rows->storage + i;                         \
    if (row->tag != CValueList) LEAVE;                                             \
    const CListItems *items = list_of(row);                                        \
    int64_t j = position(base + (word >> 52), items->count);                       \
    if (j < 0) LEAVE;                                                              \
    get_item(R(A), items, j);                                                      \
    NEXT;                                                                          \
  }
  PAIR(GetPair, R(B))
  PAIR(GetPairAt, place(B, base, globals, frame))
SetIndex:
  if (!set_element(R(A), R(B), R(C), C_DIES, state->functions)) LEAVE;
  NEXT;
SetIndexAt:
  if (!set_element(place(A, base, globals, frame), R(B), R(C), C_DIES, state->functions)) LEAVE;
  NEXT;
GetField: {
  CValue *container = R(B);
  if (!get_field(R(A), container, header->fields + C_INDEX)) LEAVE;
  if (TOP_BIT) clear(container);
  NEXT;
}
GetFieldAt:
  if (!get_field(R(A), place(B, base, globals, frame), header->fields + C_INDEX)) LEAVE;
  NEXT;
SetField:
  if (!set_field(R(A), header->fields + C_INDEX, R(B), TOP_BIT)) LEAVE;
  NEXT;
SetFieldAt:
  if (!set_field(place(A, base, globals, frame), header->fields + C_INDEX, R(B), TOP_BIT)) LEAVE;
  NEXT;
StoreBack:
StoreBackAt:
  // A list or map was changed where it is.
  if (R(B)->tag == CValueObject) LEAVE;
  NEXT;

  // Loops over a plain range, which count in the second and third registers, and over a list.
ForRange: {
  CValue *loop = R(A);
  if (loop[0].tag != CValueNumber || loop[1].tag != CValueNumber) LEAVE;
  set_number(loop + 2, loop[1].number);
  set_number(loop + 1, loop[0].number);
  clear(loop);
  NEXT;
}
ForNext: {
  if (*requests) LEAVE;
  CValue *loop = R(A);
  if (loop->tag == CValueNone) {
    if (loop[1].tag != CValueNumber || loop[2].tag != CValueNumber) LEAVE;
    double x = loop[1].number;
    if (x < loop[2].number) {
      set_number(R(B), x);
      loop[1].number = x + 1;
      next += C_DISTANCE;
    }
    NEXT;
  }
  if (loop->tag != CValueList) LEAVE;
  const CListItems *list = list_of(loop);
  long i = (long)loop[1].number;
  if (i < list->count) {
    loop[1].number = (double)(i + 1);
    get_item(R(B), list, i);
    next += C_DISTANCE;
  }
  NEXT;
}

leave:
  state->next = next - 1;
  state->base = base;
  state->header = header;
}

bool limbeck_layout_is(const CValue *values, const void *closure_header, const CValue *capture,
                       const CFieldSite *site) {
  // One value of each kind, in the order of their tags: true, 1.5, "text", a list [2.5], a map with
  // the field of `site`, a range, a function of that entry and with that capture, an object, nil, unset; then
  // a text whose character 16 has the code 16, and a literal whose character 15 is f, both with a known
  // number of characters.
  for (uint8_t tag = 0; tag <= CValueNone; tag++) {
    if (values[tag].tag != tag) return false;
  }
  const CListItems *list = list_of(values + CValueList);
  CMapSlot *slot = find_field(values + CValueMap, site);
  const MapFields *map = fields_of(values[CValueMap].object);
  const CStringFields *text = short_string(values + CValueString);
  const uint8_t *long_text = ascii_of(fields_of(values[CValueNone + 2].object));
  const uint8_t *literal = ascii_of(fields_of(values[CValueNone + 3].object));
  const ClosureFields *closure = closure_of(values[CValueFunction].object);
  return values[CValueBool].truth && values[CValueNumber].number == 1.5 &&
         values[CValueNone].bits == 0 && values[CValueNone + 1].tag == CValueNone &&
         values[CValueNone + 1].bits == 1 && list->count == 1 && list->kind == CListNumbers &&
         list->capacity >= 1 && *(double *)list->storage == 2.5 && slot != NULL &&
         slot->value.tag == CValueNumber && slot->value.number == 3.5 &&
         swift_isUniquelyReferenced_nonNull_native(map->entries) && count_of(map->index) == 0 &&
         text != NULL && text->text[0] == 0x74786574 && text->text[1] == 0xE4ULL << 56 &&
         text->bytes == 4 && long_text != NULL && long_text[16] == 16 && literal != NULL &&
         literal[15] == 'f' &&
         (const void *)closure->entry == closure_header && closure->captures == capture;
}
