/// The style sheet of pages: light and dark, for screens of any width, and for paper.
enum PageStyle {
  static let text = """
    :root {
      color-scheme: light dark;
      --text: #1d1f21; --quiet: #56595e; --back: #ffffff; --code: #f4f5f7; --line: #d4d7dc;
      --link: #0b57a4; --keyword: #8a1c7c; --string: #23691f; --number: #8f4300; --comment: #5a6069;
      --function: #0b4fa0; --error: #a3130c; --error-back: #fdf0ef; --warning: #7a4b00;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --text: #e3e5e8; --quiet: #a7adb5; --back: #16181b; --code: #202328; --line: #3a3f46;
        --link: #85b8f5; --keyword: #e09ad5; --string: #98cf8c; --number: #eaaa74;
        --comment: #a0a7b1; --function: #8fbdf7; --error: #ff9d94; --error-back: #33201f;
        --warning: #eec078;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0; background: var(--back); color: var(--text);
      font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", "Liberation Sans", "DejaVu Sans", sans-serif;
    }
    main { max-width: 52rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem; overflow-wrap: break-word; }
    h1, h2, h3, h4 { line-height: 1.25; margin: 2rem 0 0.75rem; }
    h1 { font-size: 2rem; margin-top: 0.5rem; }
    h2 { font-size: 1.35rem; }
    h3 { font-size: 1.1rem; }
    p, ul, ol, blockquote { margin: 0.75rem 0; }
    blockquote { border-left: 0.2rem solid var(--line); padding-left: 1rem; color: var(--quiet); }
    a { color: var(--link); }
    pre, code, kbd { font-family: ui-monospace, "DejaVu Sans Mono", "Liberation Mono", Menlo, monospace; }
    pre { margin: 0.5rem 0; overflow-x: auto; font-size: 0.85rem; line-height: 1.5; }
    pre.code, .prose pre { background: var(--code); padding: 0.75rem 1rem; border-radius: 0.4rem; }
    .prose :not(pre) > code { background: var(--code); padding: 0.1em 0.3em; border-radius: 0.25rem; font-size: 0.9em; }
    pre.output, pre.report, pre.raw { padding: 0.25rem 1rem; }
    pre.report { color: var(--quiet); }
    pre.error { color: var(--error); background: var(--error-back); padding: 0.75rem 1rem; border-left: 0.25rem solid var(--error); }
    pre.warning { color: var(--warning); padding: 0.25rem 1rem; }
    pre:focus-visible, .wide:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
    .cell { margin: 1.25rem 0; }
    .cost { margin: 0.25rem 0 0; font-size: 0.8rem; color: var(--quiet); text-align: right; }
    .picture { margin: 0.75rem 0; }
    img { max-width: 100%; height: auto; background: #ffffff; border-radius: 0.25rem; }
    .wide { overflow-x: auto; margin: 0.5rem 0; }
    table { border-collapse: collapse; margin: 0.75rem 0; font-variant-numeric: tabular-nums; font-size: 0.95rem; }
    .prose table { display: block; overflow-x: auto; }
    th, td { padding: 0.3rem 0.75rem; border-bottom: 1px solid var(--line); text-align: left; }
    thead th { border-bottom-width: 2px; }
    [align="right"] { text-align: right; }
    [align="center"] { text-align: center; }
    .k { color: var(--keyword); font-weight: 600; }
    .s { color: var(--string); }
    .n { color: var(--number); }
    .c { color: var(--comment); font-style: italic; }
    .f { color: var(--function); }
    .o { color: var(--keyword); }
    math [fontweight="bold"] { font-weight: bold; }
    math [fontstyle="normal"] { text-transform: none; }
    math[display="block"] { margin: 1rem 0; padding: 0.2rem 0; overflow: auto hidden; }
    footer { margin-top: 3rem; border-top: 1px solid var(--line); font-size: 0.85rem; color: var(--quiet); }
    footer h2 { font-size: 1rem; margin: 1rem 0 0.5rem; }
    dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.2rem 1rem; margin: 0; }
    dt { font-weight: 600; }
    dd { margin: 0; overflow-wrap: anywhere; }
    @media (max-width: 34rem) {
      main { padding: 1rem 0.9rem 2rem; }
      h1 { font-size: 1.6rem; }
      pre.code, .prose pre { padding: 0.6rem 0.75rem; }
      pre.output, pre.report, pre.raw { padding: 0.25rem 0.5rem; }
      dl { grid-template-columns: 1fr; gap: 0; }
      dd { margin-bottom: 0.4rem; }
    }
    @media print {
      :root {
        --text: #000000; --quiet: #444444; --back: #ffffff; --code: #f4f5f7; --line: #bbbbbb;
        --link: #000000; --keyword: #8a1c7c; --string: #23691f; --number: #8f4300; --comment: #5a6069;
        --function: #0b4fa0; --error: #a3130c; --error-back: #ffffff; --warning: #7a4b00;
      }
      main { max-width: none; padding: 0; }
      pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.75rem; }
      h1, h2, h3 { break-after: avoid; }
      img, tr, pre.output { break-inside: avoid; }
    }
    """
}
