// Strings of ASCII characters.

#pragma once

#include "numbers.h"

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
