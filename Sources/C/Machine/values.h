// Registers and the values in them.

#pragma once

#include "machine.h"

#include <stddef.h>

extern void *swift_retain(void *);
extern void swift_release(void *);
extern _Bool swift_isUniquelyReferenced_nonNull_native(const void *);

#define INLINE inline __attribute__((always_inline))
#define LIKELY(x) __builtin_expect(!!(x), 1)

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
  // Mostly there was a number before.
  if (LIKELY(target->tag == CValueNumber)) {
    target->number = x;
    return;
  }
  void *old = is_trivial(target) ? NULL : target->object;
  target->number = x;
  target->tag = CValueNumber;
  if (old) swift_release(old);
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
