import unittest

from words import count


class WordsTest(unittest.TestCase):
    def test_counts_words(self):
        self.assertEqual(count(" one two\nthree "), 3)
        self.assertEqual(count(""), 0)
