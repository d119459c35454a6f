// Transposing 16 rows of 16 numbers in registers. In C because Swift has no way to say a shuffle: its
// own forms of this run at a quarter of the speed.
#pragma once

typedef float limbeck_row __attribute__((vector_size(64), aligned(4), may_alias));

#define LIMBECK_PAIR(a, b, i) \
  __builtin_shufflevector(a, b, i, i + 16, i + 1, i + 17, i + 4, i + 20, i + 5, i + 21, i + 8, \
                          i + 24, i + 9, i + 25, i + 12, i + 28, i + 13, i + 29)
#define LIMBECK_QUAD(a, b, i) \
  __builtin_shufflevector(a, b, i, i + 1, i + 16, i + 17, i + 4, i + 5, i + 20, i + 21, i + 8, \
                          i + 9, i + 24, i + 25, i + 12, i + 13, i + 28, i + 29)
#define LIMBECK_LANES(a, b, i) \
  __builtin_shufflevector(a, b, i, i + 1, i + 2, i + 3, i + 8, i + 9, i + 10, i + 11, i + 16, \
                          i + 17, i + 18, i + 19, i + 24, i + 25, i + 26, i + 27)

static inline void limbeck_transpose_rows(limbeck_row *r, float *to, long to_stride) {
  limbeck_row a[16];
  for (int i = 0; i < 16; i += 4) {
    limbeck_row p = LIMBECK_PAIR(r[i], r[i + 1], 0), q = LIMBECK_PAIR(r[i], r[i + 1], 2);
    limbeck_row u = LIMBECK_PAIR(r[i + 2], r[i + 3], 0), v = LIMBECK_PAIR(r[i + 2], r[i + 3], 2);
    a[i] = LIMBECK_QUAD(p, u, 0);
    a[i + 1] = LIMBECK_QUAD(p, u, 2);
    a[i + 2] = LIMBECK_QUAD(q, v, 0);
    a[i + 3] = LIMBECK_QUAD(q, v, 2);
  }
  for (int j = 0; j < 4; j++) {
    limbeck_row p = LIMBECK_LANES(a[j], a[4 + j], 0), q = LIMBECK_LANES(a[j], a[4 + j], 4);
    limbeck_row u = LIMBECK_LANES(a[8 + j], a[12 + j], 0), v = LIMBECK_LANES(a[8 + j], a[12 + j], 4);
    *(limbeck_row *)(to + j * to_stride) = LIMBECK_LANES(p, u, 0);
    *(limbeck_row *)(to + (4 + j) * to_stride) = LIMBECK_LANES(q, v, 0);
    *(limbeck_row *)(to + (8 + j) * to_stride) = LIMBECK_LANES(p, u, 4);
    *(limbeck_row *)(to + (12 + j) * to_stride) = LIMBECK_LANES(q, v, 4);
  }
}

// to[j][i] = from[i][j] for 16 x 16 numbers; strides are numbers from one row to the next.
static inline void limbeck_transpose(const float *from, long from_stride, float *to, long to_stride) {
  limbeck_row r[16];
  for (int i = 0; i < 16; i++) r[i] = *(const limbeck_row *)(from + i * from_stride);
  limbeck_transpose_rows(r, to, to_stride);
}

// The same where sign, laid out as from, is above 0; elsewhere 0.
static inline void limbeck_transpose_positive(const float *from, const float *sign, long from_stride,
                                              float *to, long to_stride) {
  limbeck_row r[16];
  for (int i = 0; i < 16; i++) {
    limbeck_row s = *(const limbeck_row *)(sign + i * from_stride);
    typedef int mask __attribute__((vector_size(64)));
    r[i] = (limbeck_row)((mask)(*(const limbeck_row *)(from + i * from_stride)) & (mask)(s > 0));
  }
  limbeck_transpose_rows(r, to, to_stride);
}
