// Package words counts words.
package words

import "strings"

// Count tells how many words a text has.
func Count(text string) int {
	return len(strings.Fields(text))
}
