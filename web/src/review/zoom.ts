// The picture on the stage: scale, place (of its centre, in pixels from the stage's) and turn.
export interface Pose {
  scale: number
  x: number
  y: number
  turn: number // 0, 90, 180, 270
}
export const still: Pose = { scale: 1, x: 0, y: 0, turn: 0 }
const least = 1
const most = 8

/** Zooms by `factor`; the point (x, y), measured from the stage's centre, stays where it is. */
export function zoomed(pose: Pose, factor: number, x = 0, y = 0): Pose {
  const scale = Math.min(most, Math.max(least, pose.scale * factor))
  if (scale === least) return { ...pose, scale, x: 0, y: 0 }
  const by = scale / pose.scale
  return { ...pose, scale, x: x - (x - pose.x) * by, y: y - (y - pose.y) * by }
}

/** Moves, but never so far that the picture leaves the stage. */
export function moved(pose: Pose, x: number, y: number, width: number, height: number): Pose {
  const wide = ((pose.scale - 1) * width) / 2
  const high = ((pose.scale - 1) * height) / 2
  const within = (value: number, bound: number) => Math.min(bound, Math.max(-bound, value))
  return { ...pose, x: within(pose.x + x, wide), y: within(pose.y + y, high) }
}

export const turned = (pose: Pose): Pose => ({ ...still, turn: (pose.turn + 90) % 360 })

export const transformOf = (pose: Pose): string => `translate(${pose.x}px, ${pose.y}px) scale(${pose.scale}) rotate(${pose.turn}deg)`
