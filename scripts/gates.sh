# gates.sh: how `make check`, `make check-hard` and .ci/run run their parts
# (sourced by them).
# A gate is a command with a name and a time limit; it passes, fails, or is
# skipped with a reason, in the open. Its output goes to build/log/NAME.log;
# what it measured, lines with "# = ", is shown when it passes, too.
passed=0 failed=0 skipped=0 summary=()
log_dir=$PWD/build/log
mkdir -p "$log_dir"

# gate NAME SECONDS COMMAND...; exit code 77 means: skip, the last line says why
gate() {
	local name=$1 limit=$2 began=$SECONDS status=0 log took; shift 2
	log=$log_dir/${name//[^a-zA-Z0-9_.-]/_}.log
	timeout -k 15 "$limit" "$@" >"$log" 2>&1 </dev/null || status=$?
	took=$((SECONDS - began))
	case $status in
		0)	passed=$((passed + 1))
			printf 'ok      %-28s %4d s  %s\n' "$name" $took "$(brief "$log")"
			sed -n 's/^.*# = /        = /p' "$log" ;;
		77)	skipped=$((skipped + 1)); summary+=("skipped $name: $(tail -1 "$log")")
			printf 'SKIPPED %-28s %4d s  %s\n' "$name" $took "$(tail -1 "$log")" ;;
		*)	failed=$((failed + 1))
			[ $status != 124 ] && [ $status != 137 ] || echo "stopped after $limit s" >> "$log"
			summary+=("FAILED  $name: $(complaint "$log")")
			printf 'FAILED  %-28s %4d s\n' "$name" $took
			grep -av '# = ' "$log" | tail -n "${GATE_TAIL:-60}" | sed 's/^/        | /' ;;
	esac
}

# What a passing gate has to say: its last line that counts something.
brief() {
	grep -aE '[0-9]+ (tests|examples|checks|passed|runs|queries|files)|Files=[0-9]+|^All [0-9]+ tests|^ All [0-9]+' "$1" |
		tail -1 | sed 's/=//g; s/^ *//; s/, *[0-9]* wallclock.*//' | cut -c1-90
}

# What a failed gate has to say, for the closing lines: the tests that failed,
# with the place and what came, or else its last line.
complaint() {
	local said
	said=$(grep -aE '^ *# +(Failed test|at |got:|expected:)|^not ok|^ *FAILED|Dubious|^stopped after' "$1" | head -24)
	printf '%s' "${said:-$(tail -1 "$1")}" | cut -c1-300 | sed '1!s/^/        | /'
}

# counts of a log that ends as ours do, added to our own
add_counts() {
	local counts
	counts=$(grep -aE '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$1" | tail -1)
	[ -n "$counts" ] || { failed=$((failed + 1)); summary+=("FAILED  $1 has no count"); return; }
	set -- $counts
	passed=$((passed + $1)) failed=$((failed + $3)) skipped=$((skipped + $5))
}

close_gates() {
	echo
	[ ${#summary[@]} = 0 ] || printf '%s\n' "${summary[@]}"
	echo "$passed passed, $failed failed, $skipped skipped"
	[ $failed = 0 ] && [ $passed -gt 0 ]
}
