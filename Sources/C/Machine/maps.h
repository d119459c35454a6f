// Entries of maps.

#pragma once

#include "texts.h"

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
  if (count_of(entries) >= capacity_of(entries) || functions->is_over()) return false;
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
