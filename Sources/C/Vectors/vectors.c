// Vectors are in the header alone: they are inlined. A target needs a source.
#include "CVectors.h"
