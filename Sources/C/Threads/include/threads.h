#ifndef LIMBECK_THREADS_H
#define LIMBECK_THREADS_H

// The bytes of small objects that the calling thread has not yet counted (Memory.gather). It is declared
// in C, where a variable of a thread is reached by one load: it changes with each string and list.
extern _Thread_local long limbeck_gathered __attribute__((tls_model("initial-exec")));

static inline long *_Nonnull limbeck_gathered_bytes(void) { return &limbeck_gathered; }

// Gives small objects of all threads one heap, before the first thread is started. A heap of another thread
// than the first grows page by page, with a system call for each.
void limbeck_share_heap(void);

#endif
