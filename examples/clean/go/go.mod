module clean.example/words

go 1.19
