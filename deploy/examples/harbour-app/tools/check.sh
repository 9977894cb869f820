#!/bin/sh
# What is delivered must be whole.
set -e
tar tf build/app/outputs/app-release.apk | grep -q '^charts/'
sha256sum build/app/outputs/app-release.apk > app-release.sha256
cat app-release.sha256
