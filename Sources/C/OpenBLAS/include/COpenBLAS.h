// Types only: OpenBLAS is loaded with dlopen (see Tensors/BLAS.swift), so nothing here links to it.
#pragma once
#include <cblas.h>
