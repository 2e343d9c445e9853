const paths = {
  menu: "M4 7h16M4 12h16M4 17h10",
  plus: "M12 5v14M5 12h14",
  trash: "M5 7h14M10 7V5h4v2M7 7l1 12h8l1-12",
  up: "M12 19V6M6 11.5 12 5.5l6 6",
  down: "M12 5v13M6 12.5l6 6 6-6",
  stop: "M8 8h8v8H8z",
  chevron: "m9 6 6 6-6 6",
  plug: "M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4",
  tool: "M14.5 6.5a4 4 0 0 1 5-1l-3 3 2 2 3-3a4 4 0 0 1-5.4 5L9 19.5a2 2 0 0 1-3-3l7-7a4 4 0 0 1 1.5-3z",
  spark: "M12 3.5 13.8 10.2 20.5 12 13.8 13.8 12 20.5 10.2 13.8 3.5 12 10.2 10.2z",
  warning: "M12 4 2.8 19.5h18.400zM12 10v4.5M12 17.200v.1",
  copy: "M9 9h10v11H9zM5 15V4h10",
  undo: "M9 6.5 4.5 11 9 15.5M5 11h9.5a4.5 4.5 0 0 1 0 9H11",
  next: "M5 7h9M5 12h6M5 17h6M15 11v8M11.5 15.5 15 19l3.5-3.5",
  check: "m5 12.5 4.5 4.5L19 7.5",
} as const;

export function Icon({ name }: { name: keyof typeof paths }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" data-icon={name}>
      <path d={paths[name]} />
    </svg>
  );
}
