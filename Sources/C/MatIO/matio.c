#define _GNU_SOURCE
#include "CMatIO.h"
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static lbk_matio calls;
static int is_loaded;
static char said[256];

static void keep(int level, char *text) {
  (void)level;
  if (!said[0]) snprintf(said, sizeof said, "%s", text);
}

const lbk_matio *lbk_matio_load(char error[256]) {
  if (is_loaded) return &calls;
  void *library = dlopen("libmatio.so.11", RTLD_NOW | RTLD_LOCAL);
  if (!library) library = dlopen("libmatio.so", RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    snprintf(error, 256, "%s", dlerror());
    return NULL;
  }
  struct {
    void **call;
    const char *name;
  } wanted[] = {
      {(void **)&calls.open, "Mat_Open"},
      {(void **)&calls.close, "Mat_Close"},
      {(void **)&calls.read_next, "Mat_VarReadNext"},
      {(void **)&calls.free_variable, "Mat_VarFree"},
      {(void **)&calls.field_count, "Mat_VarGetNumberOfFields"},
      {(void **)&calls.field_names, "Mat_VarGetStructFieldnames"},
  };
  int (*set_log)(const char *, void (*)(int, char *)) = dlsym(library, "Mat_LogInitFunc");
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    *wanted[i].call = dlsym(library, wanted[i].name);
    if (!*wanted[i].call || !set_log) {
      snprintf(error, 256, "libmatio has no %s", set_log ? wanted[i].name : "Mat_LogInitFunc");
      return NULL;
    }
  }
  set_log("limbeck", keep);
  is_loaded = 1;
  return &calls;
}

void lbk_matio_said(char text[256]) {
  memcpy(text, said, sizeof said);
  said[0] = 0;
}

int lbk_memory_file(const void *bytes, size_t count) {
  int file = memfd_create("limbeck", MFD_CLOEXEC);
  const char *from = bytes;
  while (file >= 0 && count > 0) {
    ssize_t done = write(file, from, count);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) {
      close(file);
      return -1;
    }
    from += done;
    count -= (size_t)done;
  }
  return file;
}
