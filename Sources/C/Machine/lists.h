// Items of lists.

#pragma once

#include "numbers.h"

// The position of an item, counted from the end if it is negative; -1 if there is none.
static inline int64_t position(const CValue *index, long count) {
  int64_t i;
  if (index->tag != CValueNumber || !whole(index->number, &i)) return -1;
  if (i < 0) i += count;
  return i < count ? i : -1;
}

// An end of a slice, counted from the end if it is negative, and clipped.
static inline bool slice_end(const CValue *value, long count, int64_t *end) {
  if (value->tag != CValueNumber || !whole(value->number, end)) return false;
  if (*end < 0) *end += count;
  *end = *end < 0 ? 0 : *end < count ? *end : count;
  return true;
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
