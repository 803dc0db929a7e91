package words

import "testing"

func TestCount(t *testing.T) {
	for text, want := range map[string]int{" one two\nthree ": 3, "": 0} {
		if got := Count(text); got != want {
			t.Errorf("Count(%q) = %d, want %d", text, got, want)
		}
	}
}
