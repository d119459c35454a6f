#include "threads.h"

#include <malloc.h>

_Thread_local long limbeck_gathered;

void limbeck_share_heap(void) {
  mallopt(M_ARENA_MAX, 1);
  // Otherwise each image that is decoded would return its memory to the system and fetch it again.
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
}
