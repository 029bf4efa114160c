#!/bin/bash
# One base backup of the whole cluster into the archive, verified, and the oldest ones beyond PISHKHAN_KEEP removed.
# Run by pishkhan-backup.timer as postgres.
set -euo pipefail
source "${PISHKHAN_BACKUP_ENV:-/etc/pishkhan/backup.env}"
export PGHOST PGUSER
folder="$PISHKHAN_ARCHIVE/base"
name=$(date -u +%Y%m%dT%H%M%SZ)
mkdir -p "$folder" "$PISHKHAN_ARCHIVE/wal"
trap 'rm -rf "$folder/.$name"' EXIT
"$PISHKHAN_PG_BIN/pg_basebackup" -D "$folder/.$name" --checkpoint=fast --wal-method=stream --manifest-checksums=SHA256
"$PISHKHAN_PG_BIN/pg_verifybackup" --quiet "$folder/.$name"
sync
mv "$folder/.$name" "$folder/$name"

mapfile -t backups < <(ls "$folder" | sort)
while [ "${#backups[@]}" -gt "$PISHKHAN_KEEP" ]; do
    rm -rf "${folder:?}/${backups[0]}"
    backups=("${backups[@]:1}")
done
oldest=$(sed -n 's/^START WAL LOCATION: .*(file \(.*\))$/\1/p' "$folder/${backups[0]}/backup_label")
"$PISHKHAN_PG_BIN/pg_archivecleanup" "$PISHKHAN_ARCHIVE/wal" "$oldest"
echo "backup $name, ${#backups[@]} kept, WAL from $oldest"
