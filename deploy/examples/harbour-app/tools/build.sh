#!/bin/sh
# Computes the deepest sounding of each chart and packs everything.
set -e
for chart in charts/*.csv; do
    awk -F, -v name="$(basename "$chart" .csv)" '
        $3 > deepest { deepest = $3 } END { printf "%-12s %5.1f m\n", name, deepest }' "$chart"
done | tee build/notes/soundings.txt
tar cf build/app/outputs/app-release.apk charts build/notes
echo "edition $EDITION, build $BUILD_NUMBER of $BRANCH" >> build/notes/soundings.txt
