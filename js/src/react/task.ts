// A task of Trigger.dev, known by its shape: no package of theirs is needed to name it.

export type AnyTask = { id: string; trigger: (...args: any[]) => unknown };
