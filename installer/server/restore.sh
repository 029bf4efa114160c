#!/bin/bash
# Lay out a data directory from the archive, ready to be started:
#   restore.sh DIR                          everything that was archived
#   restore.sh DIR '2026-11-22 10:15:00+00' as it was then; what came after that moment must be in the archive too
# DIR must be empty or absent. The server that is started on it promotes itself to a new timeline when it has caught up.
set -euo pipefail
source "${PISHKHAN_BACKUP_ENV:-/etc/pishkhan/backup.env}"
data=$1 target=${2:-}
folder="$PISHKHAN_ARCHIVE/base"
chosen=
for name in $(ls "$folder" | sort); do
    # A backup can be returned to from the moment it was complete; its name is the moment it began.
    finished=$(stat -c %Y "$folder/$name/backup_manifest")
    if [ -z "$target" ] || [ "$finished" -le "$(date -d "$target" +%s)" ]; then chosen=$name; fi
done
[ -n "$chosen" ] || { echo "no base backup before $target" >&2; exit 1; }
[ -z "$(ls -A "$data" 2>/dev/null)" ] || { echo "$data is not empty" >&2; exit 1; }
mkdir -p "$data"
cp -a "$folder/$chosen/." "$data/"
chmod 700 "$data"
{
    echo "restore_command = 'cp \"$PISHKHAN_ARCHIVE/wal/%f\" \"%p\"'"
    echo "recovery_target_timeline = 'latest'"
    if [ -n "$target" ]; then
        echo "recovery_target_time = '$target'"
        echo "recovery_target_action = 'promote'"
    fi
} >> "$data/postgresql.auto.conf"
# Debian keeps the settings beside the data, in /etc: a probe that is started by hand has none.
[ -e "$data/postgresql.conf" ] || touch "$data/postgresql.conf"
[ -e "$data/pg_hba.conf" ] || echo "local all postgres peer" > "$data/pg_hba.conf"
[ -e "$data/pg_ident.conf" ] || touch "$data/pg_ident.conf"
touch "$data/recovery.signal"
echo "restored from $chosen; start PostgreSQL on $data"
