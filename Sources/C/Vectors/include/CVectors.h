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

// mask ? a : b, lane by lane.
static inline limbeck_lanes limbeck_select(limbeck_masks mask, limbeck_lanes a, limbeck_lanes b) {
  return (limbeck_lanes)((mask & (limbeck_masks)a) | (~mask & (limbeck_masks)b));
}

#define LIMBECK_PAIR(a, b, i) \
  __builtin_shufflevector(a, b, i, i + 16, i + 1, i + 17, i + 4, i + 20, i + 5, i + 21, i + 8, \
                          i + 24, i + 9, i + 25, i + 12, i + 28, i + 13, i + 29)
#define LIMBECK_QUAD(a, b, i) \
  __builtin_shufflevector(a, b, i, i + 1, i + 16, i + 17, i + 4, i + 5, i + 20, i + 21, i + 8, \
                          i + 9, i + 24, i + 25, i + 12, i + 13, i + 28, i + 29)
#define LIMBECK_HALF(a, b, i) \
  __builtin_shufflevector(a, b, i, i + 1, i + 2, i + 3, i + 8, i + 9, i + 10, i + 11, i + 16, \
                          i + 17, i + 18, i + 19, i + 24, i + 25, i + 26, i + 27)

static inline void limbeck_transpose_rows(const limbeck_lanes *r, float *to, long to_step) {
  limbeck_lanes a[16];
  for (int i = 0; i < 16; i += 4) {
    limbeck_lanes p = LIMBECK_PAIR(r[i], r[i + 1], 0), q = LIMBECK_PAIR(r[i], r[i + 1], 2);
    limbeck_lanes u = LIMBECK_PAIR(r[i + 2], r[i + 3], 0), v = LIMBECK_PAIR(r[i + 2], r[i + 3], 2);
    a[i] = LIMBECK_QUAD(p, u, 0);
    a[i + 1] = LIMBECK_QUAD(p, u, 2);
    a[i + 2] = LIMBECK_QUAD(q, v, 0);
    a[i + 3] = LIMBECK_QUAD(q, v, 2);
  }
  for (int j = 0; j < 4; j++) {
    limbeck_lanes p = LIMBECK_HALF(a[j], a[4 + j], 0), q = LIMBECK_HALF(a[j], a[4 + j], 4);
    limbeck_lanes u = LIMBECK_HALF(a[8 + j], a[12 + j], 0), v = LIMBECK_HALF(a[8 + j], a[12 + j], 4);
    *(limbeck_lanes *)(to + j * to_step) = LIMBECK_HALF(p, u, 0);
    *(limbeck_lanes *)(to + (4 + j) * to_step) = LIMBECK_HALF(q, v, 0);
    *(limbeck_lanes *)(to + (8 + j) * to_step) = LIMBECK_HALF(p, u, 4);
    *(limbeck_lanes *)(to + (12 + j) * to_step) = LIMBECK_HALF(q, v, 4);
  }
}

// to[j][i] = from[i][j] for 16 x 16 numbers; steps are numbers from one row to the next.
static inline void limbeck_transpose(const float *from, long from_step, float *to, long to_step) {
  limbeck_lanes r[16];
  for (int i = 0; i < 16; i++) r[i] = *(const limbeck_lanes *)(from + i * from_step);
  limbeck_transpose_rows(r, to, to_step);
}

// The same where sign, laid out as from, is above 0; elsewhere 0.
static inline void limbeck_transpose_positive(const float *from, const float *sign, long from_step,
                                              float *to, long to_step) {
  limbeck_lanes r[16];
  for (int i = 0; i < 16; i++) {
    limbeck_lanes s = *(const limbeck_lanes *)(sign + i * from_step);
    r[i] = limbeck_select(s > 0, *(const limbeck_lanes *)(from + i * from_step), (limbeck_lanes){0});
  }
  limbeck_transpose_rows(r, to, to_step);
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

// to[i] = from[2 i] for count numbers.
static inline void limbeck_every_second(const float *from, long count, float *to) {
  long i = 0;
  for (; i + 16 <= count; i += 16) *(limbeck_lanes *)(to + i) = limbeck_pixels(from + 2 * i, 2);
  for (; i < count; i++) to[i] = from[2 * i];
}

// y[i] = max(low, scale * sum + bias), sum over t of weights[t] * x[offsets[t] + i], for count numbers;
// NaN stays NaN. Reads up to fifteen numbers beyond.
static inline void limbeck_sum_taps(const float *x, const long *offsets, const float *weights, long taps,
                                    float scale, float bias, float low, long count, float *y) {
  long i = 0;
  for (; i + 64 <= count; i += 64) {
    limbeck_lanes sum[4];
    for (int j = 0; j < 4; j++) sum[j] = (limbeck_lanes){0};
    for (long t = 0; t < taps; t++) {
      limbeck_lanes w = limbeck_all(weights[t]);
      for (int j = 0; j < 4; j++)
        sum[j] = __builtin_elementwise_fma(*(const limbeck_lanes *)(x + offsets[t] + i + 16 * j), w, sum[j]);
    }
    for (int j = 0; j < 4; j++) {
      limbeck_lanes v = sum[j] * scale + bias;
      *(limbeck_lanes *)(y + i + 16 * j) = limbeck_select(v < low, limbeck_all(low), v);
    }
  }
  for (; i < count; i += 16) {
    limbeck_lanes sum = {0};
    for (long t = 0; t < taps; t++)
      sum = __builtin_elementwise_fma(*(const limbeck_lanes *)(x + offsets[t] + i),
                                      limbeck_all(weights[t]), sum);
    sum = sum * scale + bias;
    sum = limbeck_select(sum < low, limbeck_all(low), sum);
    if (count - i >= 16)
      *(limbeck_lanes *)(y + i) = sum;
    else
      __builtin_memcpy(y + i, &sum, (count - i) * sizeof(float));
  }
}

// sums[lane] += a[r][16 i + lane] * b[r][16 i + lane] over rows r of count numbers, a multiple of 16.
static inline void limbeck_add_row_products(const float *a, long a_step, const float *b, long b_step,
                                            long rows, long count, float *sums) {
  limbeck_lanes part[4];
  for (int j = 0; j < 4; j++) part[j] = (limbeck_lanes){0};
  for (long i = 0; i < count; i += 16) {
    long r = 0;
    for (; r + 4 <= rows; r += 4)
      for (int j = 0; j < 4; j++)
        part[j] = __builtin_elementwise_fma(*(const limbeck_lanes *)(a + (r + j) * a_step + i),
                                            *(const limbeck_lanes *)(b + (r + j) * b_step + i), part[j]);
    for (; r < rows; r++)
      part[0] = __builtin_elementwise_fma(*(const limbeck_lanes *)(a + r * a_step + i),
                                          *(const limbeck_lanes *)(b + r * b_step + i), part[0]);
  }
  *(limbeck_lanes *)sums += (part[0] + part[1]) + (part[2] + part[3]);
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
  return __builtin_elementwise_fma(x - n.mean, limbeck_all(n.factor), limbeck_all(n.shift));
}
static inline float limbeck_affine_one(float x, limbeck_norm n) {
  return __builtin_fmaf(x - n.mean, n.factor, n.shift);
}

// y = the normalised x, for count numbers.
static inline void limbeck_normalize(const float *x, limbeck_norm n, long count, float *y) {
  long i = 0;
  for (; i + 16 <= count; i += 16)
    *(limbeck_lanes *)(y + i) =
        limbeck_clamp(limbeck_affine(*(const limbeck_lanes *)(x + i), n), n.low, n.high);
  for (; i < count; i++) {
    float v = limbeck_affine_one(x[i], n);
    v = v < n.low ? n.low : v;
    y[i] = v > n.high ? n.high : v;
  }
}

// The same in place for count rows of lanes; table has the means, factors and shifts of the lanes.
static inline void limbeck_normalize_lanes(float *x, const float *table, float low, float high, long count) {
  const limbeck_lanes mean = *(const limbeck_lanes *)table, factor = *(const limbeck_lanes *)(table + 16),
                      shift = *(const limbeck_lanes *)(table + 32);
  for (long i = 0; i < count; i++) {
    limbeck_lanes *p = (limbeck_lanes *)(x + 16 * i);
    *p = limbeck_clamp(__builtin_elementwise_fma(*p - mean, factor, shift), low, high);
  }
}

static inline float limbeck_total(const limbeck_lanes *part, long parts) {
  limbeck_lanes sum = part[0];
  for (long j = 1; j < parts; j++) sum += part[j];
  float total = 0;
  for (int lane = 0; lane < 16; lane++) total += sum[lane];
  return total;
}

// The mean of count numbers and the sum of the squares of their differences from it.
static inline void limbeck_moments(const float *x, long count, float *mean, float *squares) {
  limbeck_lanes part[4];
  for (int j = 0; j < 4; j++) part[j] = (limbeck_lanes){0};
  long i = 0;
  for (; i + 64 <= count; i += 64)
    for (int j = 0; j < 4; j++) part[j] += *(const limbeck_lanes *)(x + i + 16 * j);
  float total = limbeck_total(part, 4);
  for (; i < count; i++) total += x[i];
  float middle = total / count;
  for (int j = 0; j < 4; j++) part[j] = (limbeck_lanes){0};
  for (i = 0; i + 64 <= count; i += 64)
    for (int j = 0; j < 4; j++) {
      limbeck_lanes d = *(const limbeck_lanes *)(x + i + 16 * j) - middle;
      part[j] = __builtin_elementwise_fma(d, d, part[j]);
    }
  total = limbeck_total(part, 4);
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
  limbeck_lanes a[2], b[2];
  for (int j = 0; j < 2; j++) a[j] = b[j] = (limbeck_lanes){0};
  long i = 0;
  for (; i + 32 <= count; i += 32)
    for (int j = 0; j < 2; j++) {
      limbeck_lanes u = *(const limbeck_lanes *)(x + i + 16 * j);
      limbeck_lanes v = limbeck_unclamped(*(const limbeck_lanes *)(g + i + 16 * j), u, n);
      a[j] += v;
      b[j] = __builtin_elementwise_fma(v, u - n.mean, b[j]);
    }
  *sum = limbeck_total(a, 2);
  *products = limbeck_total(b, 2);
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
    limbeck_lanes u = *(const limbeck_lanes *)(x + i);
    limbeck_lanes v = limbeck_unclamped(*(const limbeck_lanes *)(g + i), u, n);
    *(limbeck_lanes *)(dx + i) =
        n.factor * __builtin_elementwise_fma(u - n.mean, limbeck_all(-products), v - sum);
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
