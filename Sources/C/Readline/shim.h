#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <readline/readline.h>
#include <readline/history.h>

// Declared here because <wchar.h> hides it unless a feature macro is set before the first header.
int wcwidth(wchar_t c);

/// The number of columns that a character takes on the terminal; -1 if it can't be shown.
static inline int lbk_columns(int c) { return wcwidth((wchar_t)c); }

/// The most bytes that a character takes in the current locale; 1 if it is not one of UTF-8.
static inline int lbk_bytes_of_character(void) { return (int)MB_CUR_MAX; }
