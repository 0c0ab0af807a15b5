#!/usr/bin/env bash
# Every night: database and uploaded files, each into one dated file in /backups.
# A file without `.part` is complete. Restore with pg_restore --clean and tar.
set -euo pipefail
umask 077

back_up() {
    local stamp database media
    stamp=$(date +%Y-%m-%d-%H%M)
    database=/backups/database-$stamp.dump
    media=/backups/media-$stamp.tar.gz
    # The database first: then every file that a row names is in the later archive.
    # One chain of &&, since -e does not hold in what stands before an ||.
    pg_dump --format=custom --file="$database.part" &&
        mv "$database.part" "$database" &&
        tar --create --gzip --file="$media.part" --directory=/srv/portal-var \
            --ignore-failed-read --warning=no-file-changed media &&
        mv "$media.part" "$media" &&
        find /backups -maxdepth 1 -type f -mtime "+$KEEP_DAYS" \
            \( -name 'database-*' -o -name 'media-*' \) -delete &&
        echo "Backup $stamp is complete."
}

trap 'exit 0' TERM INT
while true; do
    back_up || echo "The backup failed; the next try is in an hour." >&2
    now=$(date +%s)
    if [ -n "$(find /backups -maxdepth 1 -name 'database-*.dump' -mmin -60)" ]; then
        next=$(date -d 'tomorrow 01:30' +%s)
    else
        next=$((now + 3600))
    fi
    sleep "$((next - now))" &
    wait $!
done
