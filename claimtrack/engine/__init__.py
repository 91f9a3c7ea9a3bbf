"""
How a claim is decided: from reports to a status on every day.

Nothing here reads a clock or a file, or prints. This page is the theory of operation, with the
names in the order in which a claim passes them; `docs/reference/rules.md` has the rules themselves.

1. **Report to item** (`evidence`). `EvidenceIndex` keeps the reports and ratings of a registry by
   what they are about. In one time zone (`ZonedEvidence`) each is an `Item`: the days that it is
   about as ordinals, its witness, the rank of its source, the days from which it is known and
   withdrawn, and the items that supersede it.

2. **Usable on a day** (`evidence`). An item is usable on a day if it is known, not withdrawn and
   not superseded by something known (`Item.is_usable`). `UsableEvidence` holds those of one day.

3. **Vote on a leaf** (`weigh`). A leaf of a criterion asks about one fact, about people's
   judgement, or about published ratings (`items_in`). Each item casts one `Vote` on it, by the
   voter for the kind of leaf: from which extension of the deadline it supports the leaf, and up to
   which it refutes it. On one day and at one extension a vote is a `Side`, with the reason if it is
   neither. `event_vote` is the rule of an event, for the fast path too.

4. **Two bits** (`weigh`, `decide`). A `Balance` holds the votes of the items that are usable and
   counts independent witnesses. Its `TruthByExtension` says for every extension whether the
   evidence shows the leaf, and whether it refutes it; the policy on conflicts is applied there.
   `combined` and `TruthTree` give the two bits of a criterion from those of its leaves.

5. **Status** (`decide`). `shown_status` makes a status of the bits. A false claim is failed or
   late, as `false_outcome` decides; an unknown one is pending until its `due_day`
   and the grace have passed (`undecided`). Before all this come annulment and claims that cannot be
   checked. The result is an `Outcome`; `deciding_items` names the items that decided it.

6. **Timeline** (`timeline`). A `Follower` takes everything that can change a claim, each a
   `Happening`, in the order of days, keeps the balances and bits up to date, and returns the
   outcome from each day on which it changes, with the `Cause`. Most claims ask for one event and
   most reports are never withdrawn: for these `FastPath` does the same in one loop (`fast_path`).

The questions stand on top: `Audit` (every claim on one day), `explain` (one verdict, item by
item), `History` and `Replay` (`history`: many days), `Knowledge` (`facts`: what is known about a
fact), `Diff` (two audits, with the `edits` between their records), `signature` (whether anything
changed since an editor signed), and `user_functions`, which decide in place of a criterion.

A rule is changed in one place: the days of items in `evidence`, a kind of leaf in its voter, the
counting of witnesses and the policy on conflicts in `Balance` and `TruthByExtension`, the
connectives in `counted` and `negated`, lateness in `false_outcome`, and the order of statuses in
`decide`.
"""
