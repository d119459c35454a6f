// What is done to sixteen float32 lanes at once and Swift has no words for, or none that become vector
// instructions: shuffles, selections, masks (its own forms run at a tenth to a quarter of the speed).
#pragma once

// Whether there are thirty-two vector registers of sixteen float32.
#ifdef __AVX512F__
#define LIMBECK_WIDE_REGISTERS 1
#else
#define LIMBECK_WIDE_REGISTERS 0
#endif

typedef float limbeck_lanes __attribute__((vector_size(64), aligned(4), may_alias));
typedef int limbeck_masks __attribute__((vector_size(64)));
typedef unsigned char limbeck_bytes __attribute__((vector_size(16), aligned(1), may_alias));

// One number in all lanes. (0 + x would be an addition: it turns -0 into 0.)
static inline limbeck_lanes limbeck_all(float x) { return x - (limbeck_lanes){0}; }

// The lanes at an address.
static inline limbeck_lanes limbeck_at(const float *x) { return *(const limbeck_lanes *)x; }

// Prefetches a cache line into the L2 cache.
static inline void limbeck_prefetch(const void *x) { __builtin_prefetch(x, 0, 2); }

// Prefetches rows x columns cache lines, which are row_step and step bytes apart, to be read or, with writes,
// written.
static inline void limbeck_prefetch_all(const void *x, long rows, long row_step, long columns, long step, int writes) {
  for (long i = 0; i < rows; i++)
    for (long j = 0; j < columns; j++) {
      const char *line = (const char *)x + i * row_step + j * step;
      if (writes)
        __builtin_prefetch(line, 1);
      else
        __builtin_prefetch(line, 0);
    }
}

// a + b * c.
static inline limbeck_lanes limbeck_fma(limbeck_lanes a, limbeck_lanes b, limbeck_lanes c) {
  return __builtin_elementwise_fma(b, c, a);
}

// Sums that are to stay in registers are variables of their own, here as in what follows: arrays of them would
// be kept in memory.

// mask ? a : b, lane by lane.
static inline limbeck_lanes limbeck_select(limbeck_masks mask, limbeck_lanes a, limbeck_lanes b) {
  return (limbeck_lanes)((mask & (limbeck_masks)a) | (~mask & (limbeck_masks)b));
}

typedef float limbeck_eight __attribute__((vector_size(32), aligned(4), may_alias));
typedef float limbeck_four __attribute__((vector_size(16), aligned(4), may_alias));

// Four numbers each of the rows i, i + 4, i + 8 and i + 12.
static inline limbeck_lanes limbeck_fours(const float *x, long step) {
#define LIMBECK_FOUR(i) *(const limbeck_four *)(x + i * step)
  limbeck_eight low = __builtin_shufflevector(LIMBECK_FOUR(0), LIMBECK_FOUR(4), 0, 1, 2, 3, 4, 5, 6, 7);
  limbeck_eight high = __builtin_shufflevector(LIMBECK_FOUR(8), LIMBECK_FOUR(12), 0, 1, 2, 3, 4, 5, 6, 7);
#undef LIMBECK_FOUR
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

// to[j][i] = from[i][j] for 16 x 16 numbers; steps are numbers from one row to the next. With sign, laid out as
// from, where it is above 0; elsewhere 0.
static inline void limbeck_transpose(const float *from, const float *sign, long step, float *to, long to_step) {
  // Sixteen streams are more than the hardware prefetcher follows.
  limbeck_prefetch_all(from + 64, 1, 0, 16, step * sizeof *from, 0);
  if (to_step != 16) limbeck_prefetch_all(to + 64, 1, 0, 16, to_step * sizeof *to, 1);
  for (long j = 0; j < 16; j += 4) {
    limbeck_lanes r[4];
    for (long i = 0; i < 4; i++) {
      r[i] = limbeck_fours(from + i * step + j, step);
      if (sign) r[i] = limbeck_select(limbeck_fours(sign + i * step + j, step) > 0, r[i], (limbeck_lanes){0});
    }
    // Four of a and b, from 16 on those of b, in each quarter: columns of 4 x 4 numbers become rows.
#define LIMBECK_LANES4(a, b, p, q, r, s)                                                                        \
  __builtin_shufflevector(a, b, p, q, r, s, p + 4, q + 4, r + 4, s + 4, p + 8, q + 8, r + 8, s + 8, p + 12, q + 12, \
                          r + 12, s + 12)
    limbeck_lanes a = LIMBECK_LANES4(r[0], r[1], 0, 16, 1, 17), b = LIMBECK_LANES4(r[2], r[3], 0, 16, 1, 17);
    limbeck_lanes c = LIMBECK_LANES4(r[0], r[1], 2, 18, 3, 19), d = LIMBECK_LANES4(r[2], r[3], 2, 18, 3, 19);
    *(limbeck_lanes *)(to + j * to_step) = LIMBECK_LANES4(a, b, 0, 1, 16, 17);
    *(limbeck_lanes *)(to + (j + 1) * to_step) = LIMBECK_LANES4(a, b, 2, 3, 18, 19);
    *(limbeck_lanes *)(to + (j + 2) * to_step) = LIMBECK_LANES4(c, d, 0, 1, 16, 17);
    *(limbeck_lanes *)(to + (j + 3) * to_step) = LIMBECK_LANES4(c, d, 2, 3, 18, 19);
#undef LIMBECK_LANES4
  }
}

// y[i] = max(0, x[i] + bias), NaN staying NaN, for count rows of lanes.
static inline void limbeck_add_relu(const float *x, const float *bias, long count, float *y) {
  limbeck_lanes b = *(const limbeck_lanes *)bias;
  for (long i = 0; i < count; i++) {
    limbeck_lanes v = *(const limbeck_lanes *)(x + 16 * i) + b;
    *(limbeck_lanes *)(y + 16 * i) = limbeck_select(v < 0, (limbeck_lanes){0}, v);
  }
}

// x[i] = 0 where y[i] is not within low and high, both left out, for count numbers; NaN is not within.
static inline void limbeck_keep_within(float *x, const float *y, float low, float high, long count) {
  long i = 0;
  for (; i + 16 <= count; i += 16) {
    limbeck_lanes v = *(const limbeck_lanes *)(y + i);
    limbeck_lanes *to = (limbeck_lanes *)(x + i);
    *to = limbeck_select((v > low) & (v < high), *to, (limbeck_lanes){0});
  }
  for (; i < count; i++) x[i] = y[i] > low && y[i] < high ? x[i] : 0;
}

// max(0, m + bias) for the greatest m of a square of size x size rows of lanes, which are 16 numbers
// apart along x and row_step along y; NaN wins. places, if not null, gets which pixel it is, 255 where
// relu cuts it off.
static inline void limbeck_pool(const float *x, long size, long row_step, const float *bias, float *y,
                                unsigned char *places) {
  limbeck_lanes best = *(const limbeck_lanes *)x;
  limbeck_masks place = {0};
  for (long q = 1; q < size * size; q++) {
    limbeck_lanes v = *(const limbeck_lanes *)(x + q / size * row_step + q % size * 16);
    limbeck_masks better = (v > best) | (v != v);
    best = limbeck_select(better, v, best);
    place = (better & (int)q) | (~better & place);
  }
  best += *(const limbeck_lanes *)bias;
  *(limbeck_lanes *)y = limbeck_select(best < 0, (limbeck_lanes){0}, best);
  if (places)
    *(limbeck_bytes *)places = __builtin_convertvector(place | ~(best > 0), limbeck_bytes);
}

// y = x where places is q, else 0.
static inline void limbeck_unpool(const float *x, const unsigned char *places, int q, float *y) {
  limbeck_masks place = __builtin_convertvector(*(const limbeck_bytes *)places, limbeck_masks);
  *(limbeck_lanes *)y = limbeck_select(place == q, *(const limbeck_lanes *)x, (limbeck_lanes){0});
}

// Sixteen windows' pixels from x on, windows being stride (1 or 2) apart.
static inline limbeck_lanes limbeck_pixels(const float *x, long stride) {
  if (stride == 1) return *(const limbeck_lanes *)x;
  // The last of 32 is not wanted and may lie beyond the image: the second half begins one before.
  limbeck_lanes a = *(const limbeck_lanes *)x, b = *(const limbeck_lanes *)(x + 15);
  return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 17, 19, 21, 23, 25, 27, 29, 31);
}

// The greatest pixel of sixteen windows of height x width, and, if wanted, which it is; NaN wins.
static inline void limbeck_window_max(const float *x, long row_step, long height, long width,
                                      long stride, float *y, unsigned char *places) {
  limbeck_lanes best = limbeck_pixels(x, stride);
  limbeck_masks place = {0};
  for (long i = 0; i < height; i++)
    for (long j = i == 0; j < width; j++) {
      limbeck_lanes v = limbeck_pixels(x + i * row_step + j, stride);
      limbeck_masks better = (v > best) | (v != v);
      best = limbeck_select(better, v, best);
      place = (better & (int)(i * width + j)) | (~better & place);
    }
  *(limbeck_lanes *)y = best;
  if (places) *(limbeck_bytes *)places = __builtin_convertvector(place, limbeck_bytes);
}

// Every second of fifteen numbers.
static inline limbeck_eight limbeck_eight_pixels(const float *x) {
  limbeck_eight a = *(const limbeck_eight *)x, b = *(const limbeck_eight *)(x + 7);
  return __builtin_shufflevector(a, b, 0, 2, 4, 6, 9, 11, 13, 15);
}

// to[i] = from[2 i] for count numbers. What is written does not overlap what is read.
static inline void limbeck_every_second(const float *from, long count, float *to) {
  if (count >= 16) {
    for (long i = 0; i + 16 <= count; i += 16) *(limbeck_lanes *)(to + i) = limbeck_pixels(from + 2 * i, 2);
    // The last sixteen start early.
    *(limbeck_lanes *)(to + count - 16) = limbeck_pixels(from + 2 * (count - 16), 2);
  } else if (count >= 8) {
    const limbeck_eight first = limbeck_eight_pixels(from), last = limbeck_eight_pixels(from + 2 * (count - 8));
    *(limbeck_eight *)to = first;
    *(limbeck_eight *)(to + count - 8) = last;
  } else {
    for (long i = 0; i < count; i++) to[i] = from[2 * i];
  }
}

// to[2 i] = even[i] and to[2 i + 1] = odd[i] for count numbers each.
static inline void limbeck_interleave(const float *even, const float *odd, long count, float *to) {
  typedef float eight __attribute__((vector_size(32), aligned(4), may_alias));
  long i = 0;
  for (; i + 8 <= count; i += 8) {
    const eight a = *(const eight *)(even + i), b = *(const eight *)(odd + i);
    *(eight *)(to + 2 * i) = __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
    *(eight *)(to + 2 * i + 8) = __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
  }
  for (; i < count; i++) {
    to[2 * i] = even[i];
    to[2 * i + 1] = odd[i];
  }
}

// Copies count numbers, mostly few: a call of memcpy would take longer.
static inline void limbeck_copy(const float *from, long count, float *to) {
  typedef float four __attribute__((vector_size(16), aligned(4), may_alias));
  typedef float eight __attribute__((vector_size(32), aligned(4), may_alias));
  if (count >= 8) {
    for (long i = 0; i + 8 <= count; i += 8) {
      *(eight *)(to + i) = *(const eight *)(from + i);
      __asm__ volatile("");  // or else the compiler makes it a call of memcpy
    }
    *(eight *)(to + count - 8) = *(const eight *)(from + count - 8);
  } else if (count >= 4) {
    const four last = *(const four *)(from + count - 4);
    *(four *)to = *(const four *)from;
    *(four *)(to + count - 4) = last;
  } else {
    for (long i = 0; i < count; i++) to[i] = from[i];
  }
}

// max(low, scale * sum + bias) of the first count lanes, which are stored at y; NaN stays NaN. Where room, the
// numbers up to the end of the memory, allows it, all lanes are stored.
static inline void limbeck_put_sum(limbeck_lanes sum, float scale, float bias, float low, long count, long room,
                                   float *y) {
  limbeck_lanes v = sum * scale + bias;
  v = limbeck_select(v < low, limbeck_all(low), v);
  if (room >= 16) {
    *(limbeck_lanes *)y = v;
  } else {
    float lanes[16];
    *(limbeck_lanes *)lanes = v;
    limbeck_copy(lanes, count, y);
  }
}

// y[r][i] = max(low, scale * sum + bias), sum over t of weights[t] * x[r][offsets[t] + i], for rows of count
// numbers, which lie without gaps in y; NaN stays NaN. Reads up to fifteen numbers beyond.
static inline void limbeck_sum_taps(const float *x, long x_step, const long *offsets, const float *weights, long taps,
                                    float scale, float bias, float low, long rows, long count, float *y) {
  // The end of a row is written over the beginning of the next one, so all ends come first. Four rows at a time
  // keep both multipliers busy.
  const long whole = count / 16 * 16, end = rows * count;
  if (whole < count) {
    const float *first = x + whole;
    long r = 0;
    for (; r + 4 <= rows; r += 4) {
      const float *from = first + r * x_step;
      limbeck_lanes a = {0}, b = {0}, c = {0}, d = {0};
      for (long t = 0; t < taps; t++) {
        const float *tap = from + offsets[t];
        limbeck_lanes w = limbeck_all(weights[t]);
        a = limbeck_fma(a, limbeck_at(tap), w);
        b = limbeck_fma(b, limbeck_at(tap + x_step), w);
        c = limbeck_fma(c, limbeck_at(tap + 2 * x_step), w);
        d = limbeck_fma(d, limbeck_at(tap + 3 * x_step), w);
      }
      float *to = y + r * count + whole;
      const long room = end - (r * count + whole), left = count - whole;
      limbeck_put_sum(a, scale, bias, low, left, room, to);
      limbeck_put_sum(b, scale, bias, low, left, room - count, to + count);
      limbeck_put_sum(c, scale, bias, low, left, room - 2 * count, to + 2 * count);
      limbeck_put_sum(d, scale, bias, low, left, room - 3 * count, to + 3 * count);
    }
    for (; r < rows; r++) {
      limbeck_lanes sum = {0};
      for (long t = 0; t < taps; t++)
        sum = limbeck_fma(sum, limbeck_at(first + r * x_step + offsets[t]), limbeck_all(weights[t]));
      limbeck_put_sum(sum, scale, bias, low, count - whole, end - (r * count + whole), y + r * count + whole);
    }
  }
  for (long r = 0; r < rows; r++) {
    const float *from = x + r * x_step;
    float *to = y + r * count;
    long i = 0;
    for (; i + 64 <= whole; i += 64) {
      limbeck_lanes a = {0}, b = {0}, c = {0}, d = {0};
      for (long t = 0; t < taps; t++) {
        const float *tap = from + offsets[t] + i;
        limbeck_lanes w = limbeck_all(weights[t]);
        a = limbeck_fma(a, limbeck_at(tap), w);
        b = limbeck_fma(b, limbeck_at(tap + 16), w);
        c = limbeck_fma(c, limbeck_at(tap + 32), w);
        d = limbeck_fma(d, limbeck_at(tap + 48), w);
      }
      limbeck_put_sum(a, scale, bias, low, 16, 16, to + i);
      limbeck_put_sum(b, scale, bias, low, 16, 16, to + i + 16);
      limbeck_put_sum(c, scale, bias, low, 16, 16, to + i + 32);
      limbeck_put_sum(d, scale, bias, low, 16, 16, to + i + 48);
    }
    for (; i < whole; i += 16) {
      limbeck_lanes sum = {0};
      for (long t = 0; t < taps; t++)
        sum = limbeck_fma(sum, limbeck_at(from + offsets[t] + i), limbeck_all(weights[t]));
      limbeck_put_sum(sum, scale, bias, low, 16, 16, to + i);
    }
  }
}

// sums[lane] += a[r][16 i + lane] * b[r][16 i + lane] over rows r of count numbers, a multiple of 16.
static inline void limbeck_add_row_products(const float *a, long a_step, const float *b, long b_step,
                                            long rows, long count, float *sums) {
  limbeck_lanes p = {0}, q = {0}, u = {0}, v = {0};
  for (long i = 0; i < count; i += 16) {
    const float *x = a + i, *y = b + i;
    long r = 0;
    for (; r + 4 <= rows; r += 4, x += 4 * a_step, y += 4 * b_step) {
      p = limbeck_fma(p, limbeck_at(x), limbeck_at(y));
      q = limbeck_fma(q, limbeck_at(x + a_step), limbeck_at(y + b_step));
      u = limbeck_fma(u, limbeck_at(x + 2 * a_step), limbeck_at(y + 2 * b_step));
      v = limbeck_fma(v, limbeck_at(x + 3 * a_step), limbeck_at(y + 3 * b_step));
    }
    for (; r < rows; r++, x += a_step, y += b_step) p = limbeck_fma(p, limbeck_at(x), limbeck_at(y));
  }
  *(limbeck_lanes *)sums += (p + q) + (u + v);
}

// How the numbers of one channel are normalised: min(max(low, (x - mean) * factor + shift), high); NaN stays NaN.
typedef struct {
  float mean, factor, shift, low, high;
} limbeck_norm;

static inline limbeck_lanes limbeck_clamp(limbeck_lanes v, float low, float high) {
  v = limbeck_select(v < low, limbeck_all(low), v);
  return limbeck_select(v > high, limbeck_all(high), v);
}

// The normalised number before it is clamped. Whoever reads it computes it in this way, so that all get the same.
static inline limbeck_lanes limbeck_affine(limbeck_lanes x, limbeck_norm n) {
  return limbeck_fma(limbeck_all(n.shift), x - n.mean, limbeck_all(n.factor));
}
static inline float limbeck_affine_one(float x, limbeck_norm n) {
  return __builtin_fmaf(x - n.mean, n.factor, n.shift);
}

// y = the normalised x, for count numbers.
static inline void limbeck_normalize(const float *x, limbeck_norm n, long count, float *y) {
  long i = 0;
  for (; i + 16 <= count; i += 16)
    *(limbeck_lanes *)(y + i) =
        limbeck_clamp(limbeck_affine(limbeck_at(x + i), n), n.low, n.high);
  for (; i < count; i++) {
    float v = limbeck_affine_one(x[i], n);
    v = v < n.low ? n.low : v;
    y[i] = v > n.high ? n.high : v;
  }
}

// y = max(low, normalised a + normalised b) for count numbers, NaN staying NaN.
static inline void limbeck_add_normalized(const float *a, limbeck_norm m, const float *b, limbeck_norm n, float low,
                                          long count, float *y) {
  long i = 0;
  for (; i + 16 <= count; i += 16) {
    limbeck_lanes v = limbeck_clamp(limbeck_affine(limbeck_at(a + i), m), m.low, m.high) +
                      limbeck_clamp(limbeck_affine(limbeck_at(b + i), n), n.low, n.high);
    *(limbeck_lanes *)(y + i) = limbeck_select(v < low, limbeck_all(low), v);
  }
  for (; i < count; i++) {
    float u, v;
    limbeck_normalize(a + i, m, 1, &u);
    limbeck_normalize(b + i, n, 1, &v);
    y[i] = u + v < low ? low : u + v;
  }
}

// The normalised numbers, in place, for count rows of lanes; table has the means, factors and shifts of the lanes.
static inline void limbeck_normalize_lanes(float *x, const float *table, float low, float high, long count) {
  const limbeck_lanes mean = limbeck_at(table), factor = limbeck_at(table + 16), shift = limbeck_at(table + 32);
  for (long i = 0; i < count; i++) {
    limbeck_lanes *p = (limbeck_lanes *)(x + 16 * i);
    *p = limbeck_clamp(limbeck_fma(shift, *p - mean, factor), low, high);
  }
}

// The sum of all lanes.
static inline float limbeck_total(limbeck_lanes x) {
  float total = 0;
  for (int lane = 0; lane < 16; lane++) total += x[lane];
  return total;
}

// The mean of count numbers and the sum of the squares of their differences from it.
static inline void limbeck_moments(const float *x, long count, float *mean, float *squares) {
  limbeck_lanes a = {0}, b = {0}, c = {0}, d = {0};
  long i = 0;
  for (; i + 64 <= count; i += 64) {
    a += limbeck_at(x + i);
    b += limbeck_at(x + i + 16);
    c += limbeck_at(x + i + 32);
    d += limbeck_at(x + i + 48);
  }
  float total = limbeck_total((a + b) + (c + d));
  for (; i < count; i++) total += x[i];
  const float middle = total / count;
  a = b = c = d = (limbeck_lanes){0};
  for (i = 0; i + 64 <= count; i += 64) {
    limbeck_lanes p = limbeck_at(x + i) - middle, q = limbeck_at(x + i + 16) - middle;
    limbeck_lanes u = limbeck_at(x + i + 32) - middle, v = limbeck_at(x + i + 48) - middle;
    a = limbeck_fma(a, p, p);
    b = limbeck_fma(b, q, q);
    c = limbeck_fma(c, u, u);
    d = limbeck_fma(d, v, v);
  }
  total = limbeck_total((a + b) + (c + d));
  for (; i < count; i++) total += (x[i] - middle) * (x[i] - middle);
  *mean = middle;
  *squares = total;
}

// The gradient g where the normalised x is not clamped, elsewhere 0.
static inline limbeck_lanes limbeck_unclamped(limbeck_lanes g, limbeck_lanes x, limbeck_norm n) {
  limbeck_lanes v = limbeck_affine(x, n);
  return limbeck_select((v > n.low) & (v < n.high), g, (limbeck_lanes){0});
}
static inline float limbeck_unclamped_one(float g, float x, limbeck_norm n) {
  float v = limbeck_affine_one(x, n);
  return v > n.low && v < n.high ? g : 0;
}

// The sums of g and of g (x - mean) over count numbers, where the normalised x is not clamped.
static inline void limbeck_norm_sums(const float *g, const float *x, limbeck_norm n, long count, float *sum,
                                     float *products) {
  limbeck_lanes a = {0}, b = {0}, c = {0}, d = {0};
  long i = 0;
  for (; i + 32 <= count; i += 32) {
    limbeck_lanes p = limbeck_at(x + i), q = limbeck_at(x + i + 16);
    limbeck_lanes u = limbeck_unclamped(limbeck_at(g + i), p, n);
    limbeck_lanes v = limbeck_unclamped(limbeck_at(g + i + 16), q, n);
    a += u;
    b += v;
    c = limbeck_fma(c, u, p - n.mean);
    d = limbeck_fma(d, v, q - n.mean);
  }
  *sum = limbeck_total(a + b);
  *products = limbeck_total(c + d);
  for (; i < count; i++) {
    float v = limbeck_unclamped_one(g[i], x[i], n);
    *sum += v;
    *products += v * (x[i] - n.mean);
  }
}

// dx = factor * (g where not clamped - sum - products * (x - mean)) for count numbers; dx may be g.
static inline void limbeck_norm_gradient(const float *g, const float *x, limbeck_norm n, float sum,
                                         float products, long count, float *dx) {
  long i = 0;
  for (; i + 16 <= count; i += 16) {
    limbeck_lanes u = limbeck_at(x + i), v = limbeck_unclamped(limbeck_at(g + i), u, n);
    *(limbeck_lanes *)(dx + i) = n.factor * limbeck_fma(v - sum, u - n.mean, limbeck_all(-products));
  }
  for (; i < count; i++)
    dx[i] = n.factor * (limbeck_unclamped_one(g[i], x[i], n) - sum - products * (x[i] - n.mean));
}

// The most extreme of count numbers in the order `beats`, which is NaN if one of them is; `none` of none.
#define LIMBECK_EXTREME(name, beats, none)                                   \
  static inline float name(const float *x, long count) {                     \
    limbeck_lanes best[4];                                                   \
    for (int j = 0; j < 4; j++) best[j] = limbeck_all(none);         \
    limbeck_masks unknown = {0};                                             \
    long i = 0;                                                              \
    for (; i + 64 <= count; i += 64)                                         \
      for (int j = 0; j < 4; j++) {                                          \
        limbeck_lanes v = *(const limbeck_lanes *)(x + i + 16 * j);          \
        unknown |= v != v;                                                   \
        best[j] = limbeck_select(v beats best[j], v, best[j]);               \
      }                                                                      \
    float result = none;                                                     \
    for (; i < count; i++) {                                                 \
      if (x[i] != x[i]) return x[i];                                         \
      if (x[i] beats result) result = x[i];                                  \
    }                                                                        \
    for (int j = 0; j < 4; j++)                                              \
      for (int lane = 0; lane < 16; lane++) {                                \
        if (unknown[lane]) return __builtin_nanf("");                        \
        if (best[j][lane] beats result) result = best[j][lane];              \
      }                                                                      \
    return result;                                                           \
  }
LIMBECK_EXTREME(limbeck_greatest, >, -__builtin_inff())
LIMBECK_EXTREME(limbeck_least, <, __builtin_inff())

// The square root as one instruction, which loops turn into vector code. Swift's squareRoot() comes
// with a check for errno, which keeps loops scalar.
static inline float limbeck_sqrtf(float x) { return __builtin_elementwise_sqrt(x); }
static inline double limbeck_sqrt(double x) { return __builtin_elementwise_sqrt(x); }

typedef _Float16 limbeck_halves __attribute__((vector_size(16), aligned(2), may_alias));

// y[i] = x[i] * scale as a number of 16 bits, to the nearest.
static inline void limbeck_to_halves(const float *x, long count, float scale, void *y) {
  long i = 0;
  for (; i + 8 <= count; i += 8)
    *(limbeck_halves *)((char *)y + 2 * i) =
        __builtin_convertvector(*(const limbeck_eight *)(x + i) * scale, limbeck_halves);
  for (; i < count; i++) {
    _Float16 half = (_Float16)(x[i] * scale);
    __builtin_memcpy((char *)y + 2 * i, &half, 2);
  }
}

// y[i] = x[i] * scale of numbers of 16 bits.
static inline void limbeck_from_halves(const void *x, long count, float scale, float *y) {
  long i = 0;
  for (; i + 8 <= count; i += 8)
    *(limbeck_eight *)(y + i) =
        __builtin_convertvector(*(const limbeck_halves *)((const char *)x + 2 * i), limbeck_eight) * scale;
  for (; i < count; i++) {
    _Float16 half;
    __builtin_memcpy(&half, (const char *)x + 2 * i, 2);
    y[i] = (float)half * scale;
  }
}

// The largest of the numbers' bits without their signs, which is that of the largest magnitude, of an infinity or of a
// NaN.
static inline unsigned limbeck_largest_bits(const float *x, long count) {
  unsigned largest = 0;
  for (long i = 0; i < count; i++) {
    unsigned bits;
    __builtin_memcpy(&bits, x + i, 4);
    bits &= 0x7FFFFFFFu;
    largest = bits > largest ? bits : largest;
  }
  return largest;
}
