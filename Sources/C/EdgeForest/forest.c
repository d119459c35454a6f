#include "CEdgeForest.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const uint8_t forest[] = {
#embed "forest.gz"
};

const uint8_t *lbk_edge_forest(size_t *count) {
  *count = sizeof forest;
  return forest;
}
