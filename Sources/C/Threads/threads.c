#include "threads.h"

_Thread_local long limbeck_gathered;
