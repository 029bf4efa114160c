#!/bin/bash
# archive_command: bring one finished segment of the WAL into the archive, whole or not at all.
#   archive_command = '/opt/pishkhan/installer/server/archive-wal.sh "%p" "%f"'
# Called again after any failure, so a segment that is there already with the same bytes is success, with others an error.
set -euo pipefail
source "${PISHKHAN_BACKUP_ENV:-/etc/pishkhan/backup.env}"
path=$1 name=$2 folder="$PISHKHAN_ARCHIVE/wal"
[ -d "$folder" ]  # not mounted: fail, PostgreSQL keeps the segment and asks again
if [ -e "$folder/$name" ]; then
    cmp -s "$path" "$folder/$name"
    exit
fi
temporary="$folder/.$name.$$"
trap 'rm -f "$temporary"' EXIT
dd if="$path" of="$temporary" bs=1M conv=fsync status=none
mv -n "$temporary" "$folder/$name"
[ ! -e "$temporary" ]
sync "$folder"
