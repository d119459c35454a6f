// The part of the machine's loop that takes most of the time: moves, arithmetic and comparisons of
// numbers, jumps, calls of functions of the script, items of lists, entries of maps, characters and short
// strings. It is written in C for its `goto *`: with one indirect jump for each instruction the processor
// predicts the next one better, and Swift's optimiser merges them all into one.
//
// It decides nothing: whatever an instruction does with other values, and each error, is in
// `Machine.execute`, to which `LEAVE` returns before anything is changed.

#include "machine.h"

#include <stddef.h>

extern void *swift_retain(void *);
extern void swift_release(void *);
extern _Bool swift_isUniquelyReferenced_nonNull_native(const void *);

#define INLINE inline __attribute__((always_inline))
#define LIKELY(x) __builtin_expect(!!(x), 1)

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

// Values are read and written as their two parts: a load of sixteen bytes that were stored in two parts would
// have to wait for both stores.
static inline void put(CValue *target, CValue value) {
  target->bits = value.bits;
  target->tag = value.tag;
}

static inline CValue value_at(const CValue *source) {
  CValue value;
  value.bits = source->bits;
  value.tag = source->tag;
  return value;
}

static inline bool is_trivial(const CValue *value) {
  return (uint8_t)(value->tag - CValueString) > CValueObject - CValueString;
}

static inline bool is_unset(const CValue *value) {
  return value->tag == CValueNone && value->bits != 0;
}

static inline void set_number(CValue *target, double x) {
  if (LIKELY(is_trivial(target))) {
    target->number = x;
    target->tag = CValueNumber;
  } else {
    void *old = target->object;
    target->number = x;
    target->tag = CValueNumber;
    swift_release(old);
  }
}

static inline void set_bool(CValue *target, bool x) {
  void *old = is_trivial(target) ? NULL : target->object;
  target->bits = x;
  target->tag = CValueBool;
  if (old) swift_release(old);
}

static inline void clear(CValue *target) {
  void *old = is_trivial(target) ? NULL : target->object;
  target->bits = 0;
  target->tag = CValueNone;
  if (old) swift_release(old);
}

// Writes a value whose reference is counted already.
static inline void replace(CValue *target, CValue value) {
  void *old = is_trivial(target) ? NULL : target->object;
  put(target, value);
  if (old) swift_release(old);
}

static inline void copy(CValue *target, const CValue *source) {
  CValue value = value_at(source);
  if (!is_trivial(&value)) swift_retain(value.object);
  replace(target, value);
}

static inline void take(CValue *target, CValue *source) {
  CValue value = value_at(source);
  source->bits = 0;
  source->tag = CValueNone;
  replace(target, value);
}

// The first field of an object.
static inline void *fields_of(const void *object) { return (char *)object + 16; }

static inline CListItems *list_of(const CValue *value) {
  return (CListItems *)fields_of(value->object);
}

static inline CValue *cell(const CValue *value) { return *(CValue **)fields_of(value->object); }

typedef struct {
  const CCodeHeader *entry;
  CValue *captures;
} ClosureFields;

static inline ClosureFields *closure_of(const void *object) {
  return (ClosureFields *)fields_of(object);
}

// The place of a variable that is not in a register (see `Code.place`).
static inline CValue *place(uint16_t code, CValue *base, CValue *globals, const CCallFrame *frame) {
  unsigned index = code & 0x3FFF;
  switch (code >> 14) {
    case 0: return globals + index;
    case 1: return closure_of(frame->closure)->captures + index;
    case 2: return cell(base + index);
    default: return cell(closure_of(frame->closure)->captures + index);
  }
}

// Whether a number is whole and small enough for the loop; larger ones are left to Swift.
static inline bool whole(double x, int64_t *result) {
  if (!(__builtin_fabs(x) < 2251799813685248.0)) return false;
  *result = (int64_t)x;
  return (double)*result == x;
}

// The quotient and the rest of whole numbers, rounded down; false for others.
static INLINE bool divide(double x, double y, double *quotient, double *rest) {
  const double limit = 9007199254740992.0;
  if (!(__builtin_fabs(x) < limit && __builtin_fabs(y) < limit) || y == 0) return false;
  if (x != __builtin_floor(x) || y != __builtin_floor(y)) return false;
  double q = __builtin_floor(x / y);
  // Exact, since it is a whole number below 2^53.
  double r = __builtin_fma(-q, y, x);
  // The quotient may have been rounded up to the next whole number.
  if (!LIKELY(r * y >= 0)) {
    q -= 1;
    r += y;
  }
  // Not -0.
  *quotient = q + 0.0;
  *rest = r;
  return true;
}

// The position of an item, counted from the end if it is negative; -1 if there is none.
static inline int64_t position(const CValue *index, long count) {
  int64_t i;
  if (index->tag != CValueNumber || !whole(index->number, &i)) return -1;
  if (i < 0) i += count;
  return i < count ? i : -1;
}

static INLINE void get_item(CValue *target, const CListItems *list, int64_t i) {
  switch (list->kind) {
    case CListNumbers: set_number(target, ((double *)list->storage)[i]); break;
    case CListBools: set_bool(target, ((bool *)list->storage)[i]); break;
    default: copy(target, (CValue *)list->storage + i);
  }
}

// Sets an item if the value is of the list's kind.
static INLINE bool set_item(CListItems *list, int64_t i, CValue *source, bool dies) {
  switch (list->kind) {
    case CListNumbers:
      if (source->tag != CValueNumber) return false;
      ((double *)list->storage)[i] = source->number;
      return true;
    case CListBools:
      if (source->tag != CValueBool) return false;
      ((bool *)list->storage)[i] = source->truth;
      return true;
    default:
      if (dies) {
        take((CValue *)list->storage + i, source);
      } else {
        copy((CValue *)list->storage + i, source);
      }
      return true;
  }
}

static INLINE bool append_item(CListItems *list, CValue *source) {
  if (list->count >= list->capacity) return false;
  switch (list->kind) {
    case CListNumbers:
      if (source->tag != CValueNumber) return false;
      ((double *)list->storage)[list->count] = source->number;
      break;
    case CListBools:
      if (source->tag != CValueBool) return false;
      ((bool *)list->storage)[list->count] = source->truth;
      break;
    default:
      if (list->count == 0) return false;
      put((CValue *)list->storage + list->count, value_at(source));
      source->bits = 0;
      source->tag = CValueNone;
  }
  list->count++;
  return true;
}

// Whether the bits of a string are a short ASCII text's. Two of these are equal if and only if their bits are.
static inline bool is_short(const uint64_t text[2]) { return text[1] >> 60 == 0xE; }

// The fields of a short string; NULL of other values.
static INLINE const CStringFields *short_string(const CValue *value) {
  if (value->tag != CValueString) return NULL;
  const CStringFields *string = fields_of(value->object);
  return !string->isJoined && is_short(string->text) ? string : NULL;
}

// The bytes of a string that is known to be ASCII and is in its box or in the memory of a Swift string;
// else NULL.
static INLINE const uint8_t *ascii_of(const CStringFields *string) {
  if (string->isJoined) return NULL;
  if (is_short(string->text)) return (const uint8_t *)string->text;
  // The highest bits of a literal's address are 8, and those of a string that is counted are 0. A bit of the
  // first word says whether the bytes follow the object's header.
  unsigned kind = string->text[1] >> 60;
  bool follow = string->text[0] >> 60 & 1;
  if (string->count != string->bytes || (kind != 0 && kind != 8) || !follow) return NULL;
  return (const uint8_t *)(string->text[1] & 0xFFFFFFFFFFFFFFF) + 32;
}

// Whether the texts of two short strings are in order: -1, 0 or 1.
static INLINE int order(const CStringFields *a, const CStringFields *b) {
  for (int i = 0; i < 2; i++) {
    // The first byte becomes the highest, and the number of bytes the lowest.
    uint64_t x = __builtin_bswap64(a->text[i]), y = __builtin_bswap64(b->text[i]);
    if (x != y) return x < y ? -1 : 1;
  }
  return 0;
}

// Bytes that are put together to a text.
typedef struct {
  long count;
  uint8_t bytes[120];
} Text;

static INLINE bool add_bytes(Text *text, const uint8_t *bytes, long count) {
  if (count > (long)sizeof text->bytes - text->count) return false;
  for (long i = 0; i < count; i++) text->bytes[text->count + i] = bytes[i];
  text->count += count;
  return true;
}

// Adds a whole number in decimal digits.
static INLINE bool add_number(Text *text, double x) {
  int64_t n;
  if (!whole(x, &n) || (n == 0 && __builtin_signbit(x))) return false;
  uint8_t digits[20];
  int first = sizeof digits;
  uint64_t rest = n < 0 ? -n : n;
  for (; rest >> 32; rest /= 10) digits[--first] = '0' + rest % 10;
  uint32_t low = (uint32_t)rest;
  do {
    digits[--first] = '0' + low % 10;
    low /= 10;
  } while (low);
  if (n < 0) digits[--first] = '-';
  return add_bytes(text, digits + first, sizeof digits - first);
}

// Adds a value as an f-string writes it without a format.
static INLINE bool add_value(Text *text, const CValue *value) {
  if (value->tag == CValueNumber) return add_number(text, value->number);
  if (value->tag != CValueString) return false;
  const CStringFields *string = fields_of(value->object);
  const uint8_t *bytes = ascii_of(string);
  return bytes && add_bytes(text, bytes, string->bytes);
}

static INLINE CValue made_string(const Text *text, const CMachineFunctions *functions) {
  return (CValue){.object = functions->string(text->bytes, text->count), .tag = CValueString};
}

// The hashes of `KeyHash`.
static inline uint64_t mix(uint64_t x) {
  unsigned __int128 product = (unsigned __int128)(x ^ 0xD6E8FEB86659FD93) * 0xA0761D6478BD642F;
  return (uint64_t)(product >> 64) ^ (uint64_t)product;
}

static inline uint64_t hash_of_number(const CValue *key) {
  double x = key->number;
  uint64_t hash = mix((x == 0 ? 0 : key->bits) ^ 0x9E3779B97F4A7C15);
  if (!(__builtin_fabs(x) < 2251799813685248.0)) return hash;
  return (hash & 0xFFFFFFFF00000000) | (uint32_t)(int64_t)x;
}

static inline uint64_t hash_of_short(const uint64_t text[2]) {
  unsigned count = text[1] >> 56 & 15;
  uint64_t hash = count * 0x9E3779B97F4A7C15, rest = text[0];
  if (count >= 8) {
    hash = mix(hash ^ text[0]);
    rest = text[1];
    count -= 8;
  }
  return mix(hash ^ (count ? __builtin_bswap64(rest) >> (64 - 8 * count) : 0));
}

// The arrays of a map's entries and of their index: its first fields. An array's elements follow its count and
// capacity.
typedef struct {
  char *entries;
  const char *index;
} MapFields;

static inline long count_of(const char *array) { return *(const long *)(array + 16); }

static inline long capacity_of(const char *array) { return *(const long *)(array + 24) >> 1; }

static inline CMapSlot *slots_of(const void *map) {
  return (CMapSlot *)(((MapFields *)fields_of(map))->entries + 32);
}

enum { Absent = -1, Unknown = -2 };

// Whether an entry's key is a number or a short string; Unknown if its text is as long as that of a short
// string, but is not stored as such.
static INLINE int is_key(const CMapSlot *slot, const CValue *key, const CStringFields *string) {
  if (!string) {
    double x;
    __builtin_memcpy(&x, slot->key, sizeof x);
    return slot->keyTag == CKeyNumber && x == key->number;
  }
  if (slot->keyTag != CKeyString) return 0;
  if (is_short(slot->key)) {
    return slot->key[0] == string->text[0] && slot->key[1] == string->text[1];
  }
  // The lower bits of a text that is stored elsewhere are its number of bytes.
  return (slot->key[0] & 0xFFFFFFFFFFFF) == (string->text[1] >> 56 & 15) ? Unknown : 0;
}

static INLINE long find_entry(const void *map, const CValue *key) {
  const MapFields *fields = fields_of(map);
  const CMapSlot *slots = slots_of(map);
  const CStringFields *string = short_string(key);
  if (!string && key->tag != CValueNumber) return Unknown;
  long size = count_of(fields->index);
  if (size == 0) {
    for (long i = 0, count = count_of(fields->entries); i < count; i++) {
      int found = is_key(slots + i, key, string);
      if (found) return found == 1 ? i : Unknown;
    }
    return Absent;
  }
  // As `Entries.position` does it.
  uint64_t hash = !string        ? hash_of_number(key)
                  : string->hash ? string->hash
                                 : hash_of_short(string->text);
  const uint32_t *index = (const uint32_t *)(fields->index + 32);
  long mask = size - 1, bucket = (long)hash & mask, step = (long)(hash >> 32) | 1;
  uint32_t fragment = (uint32_t)(hash >> 32) << __builtin_ctzl(size);
  while (index[bucket]) {
    long i = (long)(index[bucket] ^ fragment) - 1;
    if (i < mask) {
      int found = is_key(slots + i, key, string);
      if (found) return found == 1 ? i : Unknown;
    }
    bucket = (bucket + step) & mask;
  }
  return Absent;
}

long limbeck_position(const void *map, const CValue *key) { return find_entry(map, key); }

const CValue *limbeck_entry(const CValue *container, const CValue *key, bool *known) {
  long i = container->tag == CValueMap ? find_entry(container->object, key) : Unknown;
  *known = i != Unknown;
  return i >= 0 ? &slots_of(container->object)[i].value : NULL;
}

// Sets the value of an entry if the entries belong to this map alone.
static INLINE bool set_entry(const void *map, long i, CValue *source, bool dies) {
  char *entries = ((MapFields *)fields_of(map))->entries;
  if (!swift_isUniquelyReferenced_nonNull_native(entries)) return false;
  CMapSlot *slot = (CMapSlot *)(entries + 32) + i;
  if (dies) {
    take(&slot->value, source);
  } else {
    copy(&slot->value, source);
  }
  return true;
}

// Inserts an entry with a new key if there is room.
static INLINE bool insert_entry(const void *map, const CValue *key, CValue *source, bool dies,
                                const CMachineFunctions *functions) {
  const char *entries = ((MapFields *)fields_of(map))->entries;
  if (count_of(entries) >= capacity_of(entries)) return false;
  // NaN is not a key.
  if (key->tag == CValueNumber && key->number != key->number) return false;
  if (!swift_isUniquelyReferenced_nonNull_native(entries)) return false;
  CValue value = {.bits = 0, .tag = CValueNone};
  if (dies) {
    take(&value, source);
  } else {
    copy(&value, source);
  }
  functions->insert(map, key, &value);
  return true;
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

// The entry of a field, if it is where it was last found.
static inline CMapSlot *find_field(const CValue *map, const CFieldSite *site) {
  const MapFields *fields = fields_of(map->object);
  long i = site->position;
  if (i >= count_of(fields->entries)) return NULL;
  CMapSlot *slot = slots_of(map->object) + i;
  // Equal bits are equal strings; of others nothing is known.
  return slot->key[0] == site->key[0] && slot->key[1] == site->key[1] && slot->keyTag == site->keyTag
             ? slot
             : NULL;
}

static INLINE bool get_field(CValue *target, const CValue *map, const CFieldSite *site) {
  if (map->tag != CValueMap) return false;
  CMapSlot *slot = find_field(map, site);
  if (!slot) return false;
  copy(target, &slot->value);
  return true;
}

static INLINE bool set_field(const CValue *map, const CFieldSite *site, CValue *source, bool dies) {
  if (map->tag != CValueMap) return false;
  return find_field(map, site) && set_entry(map->object, site->position, source, dies);
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
      ENTRY(CallNumeric), ENTRY(CallDirect),
      ENTRY(Format),
      ENTRY(Append), ENTRY(Contains), ENTRY(Return), ENTRY(UnlessMissing), ENTRY(GetIndex),
      ENTRY(GetIndexAt), ENTRY(GetPair), ENTRY(GetPairAt), ENTRY(ForRange),
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
  if (!add_value(&text, b) || !add_value(&text, c)) LEAVE;
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
  if (is_unset(registers[0])) LEAVE;
  // They are lent: their references are not counted.
  CValue arguments[3], result;
  int count = operands >> 59 & 3;
  for (int i = 0; i < count; i++) arguments[i] = value_at(registers[i]);
  if (!state->functions->direct(constants[C_INDEX].object, arguments, count, &result)) LEAVE;
  next++;
  for (int i = 0; i < count; i++) {
    if (operands >> (56 + i) & 1) clear(registers[i]);
  }
  replace(R(A), result);
  NEXT;
}
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
    int64_t i = position(base + (word >> 40 & 0xFFF), rows->count);                      \
    if (i < 0 || rows->kind != CListValues) LEAVE;                                 \
    const CValue *row = (const CValue *)rows->storage + i;                         \
    if (row->tag != CValueList) LEAVE;                                             \
    const CListItems *items = list_of(row);                                        \
    int64_t j = position(base + (word >> 52), items->count);                             \
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
