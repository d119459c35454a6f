// matio brings HDF5, curl and OpenSSL along: 5 ms of dynamic loading that only a reader of .mat files
// should pay. So it is loaded on demand, and its calls are pointers. Calls also go through here because
// its log function takes a C callback that has to keep the text.
#pragma once
#include <matio.h>
#include <stddef.h>

typedef struct {
  mat_t *(*open)(const char *path, int mode);
  int (*close)(mat_t *file);
  matvar_t *(*read_next)(mat_t *file);
  void (*free_variable)(matvar_t *variable);
  unsigned (*field_count)(matvar_t *variable);
  char *const *(*field_names)(const matvar_t *variable);
} lbk_matio;

// Loads matio unless it is loaded already. NULL if it can't be; `error` then says why.
const lbk_matio *lbk_matio_load(char error[256]);

// What matio said since the last call, "" if nothing. Callers hold a lock: matio has one log.
void lbk_matio_said(char text[256]);

// A file in memory that holds these bytes, since matio opens paths only: its descriptor, whose path is
// /proc/self/fd/N, or -1. In C because glibc hides memfd_create from Swift (_GNU_SOURCE).
int lbk_memory_file(const void *bytes, size_t count);
