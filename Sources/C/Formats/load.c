#include "CFormats.h"
#include <dlfcn.h>
#include <stdio.h>

int lbk_load(const char *file, const char *const *names, void **calls, size_t count,
             char error[256]) {
  // Loading again only counts; so no lock is needed, and no state.
  void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    snprintf(error, 256, "%s", dlerror());
    return 0;
  }
  for (size_t i = 0; i < count; i++) {
    calls[i] = dlsym(library, names[i]);
    if (!calls[i]) {
      snprintf(error, 256, "%s has no %s", file, names[i]);
      return 0;
    }
  }
  return 1;
}
