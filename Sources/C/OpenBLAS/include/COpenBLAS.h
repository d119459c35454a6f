// What is asked of the processor. OpenBLAS itself is loaded with dlopen (see Tensors/BLAS.swift):
// neither its headers nor its library are needed to build.
#pragma once

// 2 where the processor and the system can run AVX-512 (f, dq, bw, vl, cd), 1 where AVX2 and FMA,
// else 0. In C because __builtin_cpu_supports is a compiler's builtin.
int limbeck_vector_level(void);

// The processors in this process's mask. In C because CPU_COUNT is a macro and glibc hides
// sched_getaffinity from Swift (_GNU_SOURCE).
int limbeck_cores(void);

// A short rest inside a loop that waits. In C because it is one instruction.
static inline void limbeck_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}
