import type { Words } from "@/features/experiments/model/verdict";

/** A verdict's words, with what is judged in bold and metrics set apart. */
export function Sentence({ words }: { words: readonly Words[] }) {
  return words.map((word) => {
    if (word.strong) return <strong key={word.text}>{word.text}</strong>;
    return word.name ? <em key={word.text}>{word.text}</em> : <span key={word.text}>{word.text}</span>;
  });
}
