#include "CFormats.h"
#include <gif_lib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {"DGifOpen",      "DGifCloseFile", "DGifGetRecordType",
                                    "DGifGetImageDesc", "DGifGetLine", "DGifGetExtension",
                                    "DGifGetExtensionNext", "GifErrorString"};
typedef struct {
  GifFileType *(*open)(void *, InputFunc, int *);
  int (*close)(GifFileType *, int *);
  int (*record_type)(GifFileType *, GifRecordType *);
  int (*image)(GifFileType *);
  int (*line)(GifFileType *, GifPixelType *, int);
  int (*extension)(GifFileType *, int *, GifByteType **);
  int (*extension_next)(GifFileType *, GifByteType **);
  const char *(*error)(int);
} gif_calls;

typedef struct {
  const uint8_t *bytes;
  size_t left;
  int ended;
} source;

static int take(GifFileType *file, GifByteType *into, int wanted) {
  source *from = file->UserData;
  size_t count = (size_t)wanted < from->left ? (size_t)wanted : from->left;
  if (count < (size_t)wanted) from->ended = 1;
  memcpy(into, from->bytes, count);
  from->bytes += count;
  from->left -= count;
  return (int)count;
}

static int fail(lbk_picture *picture, const source *from, const char *why) {
  snprintf(picture->error, sizeof picture->error, "%s", why ? why : "no reason given");
  return from->ended ? LBK_TRUNCATED : LBK_DAMAGED;
}

// Goes to the first image; `transparent` is the palette's index that is transparent, or -1.
static int seek(const gif_calls *calls, GifFileType *file, int *transparent) {
  GifRecordType type;
  while (calls->record_type(file, &type) == GIF_OK) {
    if (type == IMAGE_DESC_RECORD_TYPE) return calls->image(file) == GIF_OK;
    if (type != EXTENSION_RECORD_TYPE) return 0;
    int code;
    GifByteType *block;
    if (calls->extension(file, &code, &block) != GIF_OK) return 0;
    while (block) {
      // Its length comes first.
      if (code == GRAPHICS_EXT_FUNC_CODE && block[0] >= 4)
        *transparent = block[1] & 1 ? block[4] : -1;
      if (calls->extension_next(file, &block) != GIF_OK) return 0;
    }
  }
  return 0;
}

static void put(uint8_t *to, int index, const ColorMapObject *palette, int transparent,
                uint32_t channels) {
  if (palette && index < palette->ColorCount) {
    GifColorType colour = palette->Colors[index];
    to[0] = colour.Red, to[1] = colour.Green, to[2] = colour.Blue;
  } else {
    // Without a palette the numbers are grey; those beyond its end are black.
    to[0] = to[1] = to[2] = palette ? 0 : (uint8_t)index;
  }
  if (channels == 4) to[3] = index == transparent ? 0 : 255;
}

static int draw(const gif_calls *calls, GifFileType *file, lbk_picture *picture, uint8_t *pixels,
                int transparent) {
  const GifImageDesc *image = &file->Image;
  const ColorMapObject *palette = image->ColorMap ? image->ColorMap : file->SColorMap;
  uint32_t channels = picture->channels;
  // What the frame leaves out of the screen.
  for (size_t i = 0; i < (size_t)picture->width * picture->height; i++)
    put(pixels + i * channels, transparent < 0 ? 0 : transparent, palette, transparent, channels);
  GifPixelType *line = malloc((size_t)image->Width);
  if (!line) return 0;
  static const int starts[] = {0, 4, 2, 1}, steps[] = {8, 8, 4, 2};
  int done = 1;
  for (int pass = 0; done && pass < (image->Interlace ? 4 : 1); pass++) {
    int start = image->Interlace ? starts[pass] : 0, step = image->Interlace ? steps[pass] : 1;
    for (int y = start; done && y < image->Height; y += step) {
      done = calls->line(file, line, image->Width) == GIF_OK;
      uint8_t *row =
          pixels + ((size_t)(image->Top + y) * picture->width + (size_t)image->Left) * channels;
      for (int x = 0; done && x < image->Width; x++)
        put(row + (size_t)x * channels, line[x], palette, transparent, channels);
    }
  }
  free(line);
  return done;
}

int lbk_gif_read(const uint8_t *bytes, size_t count, lbk_picture *picture, uint8_t *pixels) {
  gif_calls calls;
  if (!lbk_load("libgif.so.7", names, (void **)&calls, 8, picture->error)) return LBK_NO_LIBRARY;
  source from = {bytes, count, 0};
  int code = 0;
  GifFileType *file = calls.open(&from, take, &code);
  if (!file) return fail(picture, &from, calls.error(code));
  int transparent = -1, result = LBK_OK;
  if (!seek(&calls, file, &transparent)) {
    result = fail(picture, &from, file->Error ? calls.error(file->Error) : "it holds no image");
  } else {
    const GifImageDesc *image = &file->Image;
    // A frame may reach beyond the screen.
    int right = image->Left + image->Width, below = image->Top + image->Height;
    picture->width = (uint32_t)(right > file->SWidth ? right : file->SWidth);
    picture->height = (uint32_t)(below > file->SHeight ? below : file->SHeight);
    picture->channels = transparent < 0 ? 3 : 4;
    picture->bits = 8;
    if (image->Width <= 0 || image->Height <= 0)
      result = fail(picture, &from, "its first frame has no pixels");
    else if (pixels && !draw(&calls, file, picture, pixels, transparent))
      result = fail(picture, &from, calls.error(file->Error));
  }
  calls.close(file, &code);
  return result;
}
