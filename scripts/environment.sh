# Sourced by the other scripts: the location of the project, the packages it needs and how it is built.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

# Debian packages. The libraries are linked, except that OpenBLAS is loaded for the first matrix product, PCRE2
# for patterns, and cmark-gfm and ZeroMQ for notebooks and Jupyter.
packages=(
  libopenblas-dev libpng-dev libjpeg62-turbo-dev libzip-dev libcairo2-dev
  libwebp-dev libgif-dev libtiff-dev libchafa-dev libreadline-dev zlib1g-dev pkg-config dataset-fashion-mnist
  libcmark-gfm-extensions0.29.0.gfm.6 libzmq5 libpcre2-8-0
)

# native: the kernels rely on the compiler to vectorise them for the processor that they run on.
# exclusivity: run-time checks would slow down the interpreter's inner loop.
flags=(-c release -Xcc -march=native -Xswiftc -enforce-exclusivity=unchecked)
# static: the program starts faster and needs no toolchain where it is installed; a tenth faster again at a fixed
# address (no-pie).
product=("${flags[@]}" --static-swift-stdlib -Xlinker -no-pie --product limbeck)

install_packages() {
  local missing=()
  for package in "${packages[@]}" "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
      missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  local sudo=()
  [ "$(id -u)" -eq 0 ] || sudo=(sudo)
  echo "Installing Debian packages: ${missing[*]}"
  "${sudo[@]}" apt-get update -q >/dev/null
  DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -q "${missing[@]}" >/dev/null
}

require_swift() {
  command -v swift >/dev/null && return
  echo "error: no swift on the PATH; Limbeck is built with a Swift 6 toolchain" >&2
  echo "   = hint: https://www.swift.org/install/linux has one for Debian 12" >&2
  exit 1
}
