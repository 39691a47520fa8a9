# Owns one throw-away cluster, from the making of its directory to its removal.
#
#   sh supervisor.sh BASE BIN [-c name=value ...]
#
# It obeys lines on stdin, a pipe whose other end only the owner holds. However the owner ends (return,
# panic, SIGKILL), the pipe closes, the loop ends, and the server and its directory go.
base=$1 bin=$2
shift 2
umask 077
# A signal meant for the owner's group or session must not stop the clean-up, nor an answer that nobody reads any more.
trap '' HUP INT TERM PIPE

home=$(mktemp -d "$base/howdah-XXXXXX" 2>&1) || { echo "error $home"; exit 1; }
echo "home $home"

postgres=
while read -r command; do
    case $command in
    initdb)
        # C collation everywhere; letters as in Unicode where the system knows C.UTF-8.
        for ctype in C.UTF-8 C; do
            rm -rf "$home/data"
            "$bin/initdb" -D "$home/data" -U postgres -A trust -E UTF8 --locale=C --lc-ctype="$ctype" \
                --no-sync --wal-segsize=1 >>"$home/log" 2>&1
            status=$?
            [ "$status" -eq 0 ] && break
        done
        echo "initdb $status"
        ;;
    start)
        "$bin/postgres" -D "$home/data" -k "$home" "$@" </dev/null 2>>"$home/log" &
        postgres=$!
        # Now the server alone holds stdout, so its end tells the owner that the server has ended.
        exec >/dev/null
        ;;
    esac
done

if [ -n "$postgres" ]; then
    kill -QUIT "$postgres" 2>/dev/null
    wait "$postgres"
fi
rm -rf "$home"
