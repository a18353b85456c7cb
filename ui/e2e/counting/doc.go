// Package counting proves that counts arrive exactly once: real booths' code and a real hub, each a process of its own, are
// killed at random (kill -9) while counts are made, and in the end each count that was on the booth's disk is in the hub
// once. It has tests only; COUNTING_COUNTS says how many counts (10,000 when it is not set).
package counting
