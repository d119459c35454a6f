// The trained forest of edges(), in the program itself so that an installed limbeck needs no file beside
// it. In C because `#embed` puts 2 MB into an object file in no time, where a Swift array literal of them
// takes the compiler minutes.
#pragma once
#include <stddef.h>
#include <stdint.h>

// The bytes of forest.gz, whose format EdgeForest+File.swift describes.
const uint8_t *lbk_edge_forest(size_t *count);
