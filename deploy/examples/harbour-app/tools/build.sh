#!/bin/sh
# Computes the deepest sounding of each chart and packs everything. A workflow runs it without what comes before it in a build.
set -e
mkdir -p build/app/outputs build/notes
for chart in charts/*.csv; do
    awk -F, -v name="$(basename "$chart" .csv)" '
        $3 > deepest { deepest = $3 } END { printf "%-12s %5.1f m\n", name, deepest }' "$chart"
done | tee build/notes/soundings.txt
tar cf build/app/outputs/app-release.apk charts build/notes
echo "edition ${EDITION:-none}, build ${BUILD_NUMBER:-none} of ${BRANCH:-main}" >> build/notes/soundings.txt
cp build/notes/soundings.txt build/harbour.txt
