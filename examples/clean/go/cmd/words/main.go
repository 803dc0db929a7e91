// Command words prints how many words there are on standard input.
package main

import (
	"fmt"
	"io"
	"log"
	"os"

	"clean.example/words/words"
)

func main() {
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(words.Count(string(text)))
}
