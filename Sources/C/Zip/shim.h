#pragma once
#include <zip.h>

// The functions that are used. They are looked up by their names when the library is first needed, since
// loading it takes a good part of the time of a start.
#define FUNCTIONS(F) \
  F(close) F(discard) F(error_fini) F(error_init) F(error_set) F(error_strerror) \
  F(error_to_data) F(fclose) F(file_add) F(file_get_error) F(file_set_dostime) F(fopen_index) \
  F(fread) F(get_error) F(get_num_entries) F(libzip_version) F(open_from_source) \
  F(set_file_compression) F(source_buffer) F(source_buffer_create) F(source_close) \
  F(source_error) F(source_free) F(source_function_create) F(source_keep) F(source_open) \
  F(source_read) F(source_seek_compute_offset) F(source_stat) F(stat_index) F(stat_init)

typedef struct {
#define F(name) __typeof__(zip_##name) *_Nonnull name;
  FUNCTIONS(F)
#undef F
} ZipFunctions;

static const char *_Nonnull const zip_names[] = {
#define F(name) "zip_" #name,
    FUNCTIONS(F)
#undef F
};
#undef FUNCTIONS
