# Sourced by the scripts beside it: where the project is, what it needs, how it is built.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

# Debian packages, by name. The libraries are linked; OpenBLAS is loaded at the first product.
packages=(
  libopenblas-dev libpng-dev libjpeg62-turbo-dev libmatio-dev libzip-dev libcairo2-dev
  libwebp-dev libgif-dev libtiff-dev libchafa-dev libreadline-dev zlib1g-dev pkg-config dataset-fashion-mnist
)

# native: the kernels are written for the compiler to vectorise for the processor they run on.
# exclusivity: the interpreter's inner loop would pay for run-time checks that the tests make.
flags=(-c release -Xcc -march=native -Xswiftc -enforce-exclusivity=unchecked)
# static: the program starts sooner, and where it is installed needs no toolchain.
product=("${flags[@]}" --static-swift-stdlib --product limbeck)

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
