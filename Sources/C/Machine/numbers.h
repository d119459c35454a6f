// Whole numbers.

#pragma once

#include "values.h"

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
